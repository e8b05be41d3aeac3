package dev.backstep.engine.tensor;

/** What autograd knows of a view: whose memory it is, and whether writing through it can be followed. */
final class ViewInfo {
    /** How the view came about. */
    enum Made {
        PLAIN,
        /** Under {@code no_grad}. */
        NO_GRAD,
        /** As one of several outputs, as {@code split} gives. */
        MULTI_OUTPUT,
        /** In a {@link Function}, or by one that gave its input back. */
        IN_FUNCTION,
        /** By {@code detach}: autograd treats it as no view at all. */
        DETACHED
    }

    private final Tensor base;
    private final Made made;
    /** What the memory's version was when the view's place in the graph was found. */
    private int version;

    ViewInfo(Tensor base, Made made, int version) {
        this.base = base;
        this.made = made;
        this.version = version;
    }

    /** The tensor that owns the memory, no view itself; of a detached one, the tensor it was detached from. */
    Tensor base() {
        return base;
    }

    Made made() {
        return made;
    }

    boolean isFollowed() {
        return made != Made.DETACHED;
    }

    int version() {
        return version;
    }

    void version(int current) {
        version = current;
    }

    /**
     * Refuses where a write cannot be followed.
     *
     * @param indirect whether the write went through the base or another view
     */
    void check(Tensor view, boolean indirect) {
        if (made == Made.PLAIN) {
            return;
        }
        Node maker = view.lastGradFn();
        String modified = indirect ? "its base or another view of its base has been" : "is being";
        StringBuilder text = new StringBuilder();
        if (maker != null) {
            text.append("Output ").append(view.outputNr()).append(" of ").append(maker.fullName()).append(" is a view ");
        }
        if (maker == null || made == Made.NO_GRAD) {
            text.append(maker == null ? "A view was" : "of a view which was").append(" created in no_grad mode and ")
                    .append(modified).append(" modified inplace with grad mode enabled.");
        } else {
            text.append("and ").append(modified).append(" modified inplace.");
        }
        throw TorchError.runtime(text.append(switch (made) {
            case MULTI_OUTPUT -> " This view is the output of a function that returns multiple views. Such functions "
                    + "do not allow the output views to be modified inplace. You should replace the inplace operation by "
                    + "an out-of-place one.";
            case NO_GRAD -> " Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify "
                    + "your code by moving both the view and the inplace either both inside the no_grad block (if you "
                    + "don't want the inplace to be tracked) or both outside (if you want the inplace to be tracked).";
            default -> " This view was created inside a custom Function (or because an input was returned as-is) and "
                    + "the autograd logic to handle view+inplace would override the custom backward associated with "
                    + "the custom Function, leading to incorrect gradients. This behavior is forbidden. You can fix "
                    + "this by cloning the output of the custom Function.";
        }).toString());
    }
}
