package dev.backstep.web.jso;

import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.typedarrays.Float64Array;
import org.teavm.jso.typedarrays.Int8Array;

/** A run as it lies in the browser's store. */
public interface KeptRun extends JSObject {
    /** The document, as JSON. */
    @JSProperty
    String getDocument();

    @JSProperty
    void setDocument(String document);

    @JSProperty
    double getBatch();

    @JSProperty
    void setBatch(double batch);

    /** The checkpoint, as safetensors. */
    @JSProperty
    Int8Array getCheckpoint();

    @JSProperty
    void setCheckpoint(Int8Array checkpoint);

    @JSProperty
    Float64Array getLosses();

    @JSProperty
    void setLosses(Float64Array losses);

    @JSProperty
    Float64Array getNorms();

    @JSProperty
    void setNorms(Float64Array norms);

    /** Seven numbers an epoch, in the order of {@code RunEvent.EpochEnd}. */
    @JSProperty
    Float64Array getEpochs();

    @JSProperty
    void setEpochs(Float64Array epochs);
}
