package dev.backstep.web.simd;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.WasmModule;
import java.util.List;

/** Writes a module whose function {@code run} does a list of works. */
final class Kernels {
    private final Arguments arguments;
    private final Arguments.Places places;
    private final WasmModule module = new WasmModule();
    private final Env env;

    private Kernels(Arguments arguments, Arguments.Places places, boolean relaxed) {
        this.arguments = arguments;
        this.places = places;
        env = Env.of(module, relaxed);
    }

    /** The module's bytes. */
    static byte[] write(List<Work> works, Arguments arguments, Arguments.Places places, boolean relaxed) {
        Kernels kernels = new Kernels(arguments, places, relaxed);
        Code[] functions = new Code[works.size()];
        for (int i = 0; i < functions.length; i++) {
            functions[i] = kernels.module.function(List.of(), List.of());
            kernels.write(new Lanes(functions[i], kernels.env), works.get(i));
        }
        Code run = kernels.module.function(List.of(), List.of());
        for (Code function : functions) {
            run.call(function.index());
        }
        kernels.module.export("run", run);
        return kernels.module.toBytes();
    }

    /** Whether there is code for that work; integers are only picked, moved and counted. */
    static boolean takes(Work work) {
        if (!(work instanceof Work.Run run)) {
            return areInReach(work.outs()) && areInReach(work.ins());
        }
        DType in = run.ins().getFirst().type();
        DType out = run.outs().getFirst().type();
        return areInReach(run.outs()) && areInReach(run.ins()) && switch (run.kernel()) {
            case COPY -> out != DType.INT64 || in != DType.FLOAT32;
            case SUM, PROD, CUMSUM -> out == DType.FLOAT32 || in == DType.BOOL;
            case MAX, MIN, GATHER, SCATTER -> in == out;
            case ARGMAX, ARGMIN -> out == DType.INT64;
            case SOFTMAX, LOG_SOFTMAX -> out == DType.FLOAT32 && in == out;
            case SOFTMAX_BACKWARD, LOG_SOFTMAX_BACKWARD -> out == DType.FLOAT32 && in == out
                    && run.ins().get(1).type() == out;
            case MATMUL -> out == DType.FLOAT32 && in == out && run.ins().get(1).type() == out;
            case SCATTER_ADD, FOLD -> in == DType.FLOAT32 && in == out;
            case TWIST, BERNOULLI -> true;
        };
    }

    /** Whether the code reaches them: no float64, and nothing that runs backward through memory. */
    private static boolean areInReach(List<Operand> operands) {
        for (Operand operand : operands) {
            if (operand.type() == DType.FLOAT64) {
                return false;
            }
            for (int stride : operand.strides()) {
                if (stride < 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private void write(Lanes lanes, Work work) {
        List<Place> outs = work.outs().stream().map(this::place).toList();
        List<Place> ins = work.ins().stream().map(this::place).toList();
        switch (work) {
            case Work.Pointwise pointwise ->
                PointwiseCode.write(lanes, arguments, pointwise.formulas(), outs, ins,
                        name -> places.number(pointwise.firstNumber() + pointwise.params().indexOf(name)));
            case Work.Run run -> write(lanes, run, outs.getFirst(), ins);
        }
    }

    private void write(Lanes lanes, Work.Run run, Place out, List<Place> ins) {
        Code code = lanes.code;
        Place in = ins.getFirst();
        Kernel kernel = run.kernel();
        switch (kernel) {
            case COPY -> CopyCode.write(lanes, arguments, out, in);
            case SUM, PROD -> SumCode.write(lanes, arguments, out, in, kernel == Kernel.PROD);
            case FOLD -> FoldCode.write(lanes, arguments, out, in);
            case MAX, MIN, ARGMAX, ARGMIN -> {
                if (ExtremeCode.takes(out, in)) {
                    ExtremeCode.write(lanes, arguments, kernel, out, in);
                } else {
                    RowCode.extreme(code, arguments, kernel, out, in);
                }
            }
            case CUMSUM -> RowCode.cumsum(code, arguments, out, in);
            case SOFTMAX, LOG_SOFTMAX -> SoftmaxCode.take(lanes, arguments, kernel == Kernel.LOG_SOFTMAX, out, in);
            case SOFTMAX_BACKWARD, LOG_SOFTMAX_BACKWARD -> SoftmaxCode.back(lanes, arguments,
                    kernel == Kernel.LOG_SOFTMAX_BACKWARD, out, in, ins.get(1));
            case MATMUL -> MatmulCode.write(lanes, arguments, out, in, ins.get(1));
            case GATHER -> PlacesCode.gather(code, arguments, out, in, ins.get(1));
            case SCATTER_ADD -> PlacesCode.scatterAdd(code, arguments, out, in, ins.get(1));
            case SCATTER -> PlacesCode.scatter(code, arguments, out, in, ins.get(1));
            case TWIST -> DrawCode.twist(lanes, arguments, out, in);
            case BERNOULLI -> DrawCode.bernoulli(lanes, arguments, out, in, ins.get(1));
        }
    }

    private Place place(Operand operand) {
        return new Place(places.of(operand), operand.type(), operand.shape(), operand.strides());
    }
}
