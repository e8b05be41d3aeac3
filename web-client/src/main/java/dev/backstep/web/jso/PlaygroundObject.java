package dev.backstep.web.jso;

import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSUndefined;

/** The object that stands in window.backstep. */
public interface PlaygroundObject extends JSObject {
    @JSProperty
    void setReady(JSPromise<JSUndefined> ready);

    @JSProperty
    void setVersion(String version);

    @JSProperty
    void setLoad(Function load);

    @JSProperty
    void setDocument(Function document);

    @JSProperty
    void setForward(Function forward);

    @JSProperty
    void setBackward(Function backward);

    @JSProperty
    void setStep(Function step);

    @JSProperty
    void setSeek(Function seek);

    @JSProperty
    void setState(Function state);

    @JSProperty
    void setLink(Function link);

    @JSProperty
    void setTrain(Function train);

    @JSProperty
    void setRuns(Function runs);

    @JSProperty
    void setOn(Listening on);

    @JSProperty
    void setDevices(Function devices);

    /** A function of one argument, undefined where it is left out. */
    @JSFunctor
    interface Function extends JSObject {
        JSObject call(JSObject argument);
    }

    /** A function of a name and what to call then; gives the function that ends it. */
    @JSFunctor
    interface Listening extends JSObject {
        Function call(JSObject event, Heard listener);
    }

    /** What a page wants to be called with. */
    @JSFunctor
    interface Heard extends JSObject {
        void call(JSObject detail);
    }
}
