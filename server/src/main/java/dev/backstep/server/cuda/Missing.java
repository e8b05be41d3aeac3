package dev.backstep.server.cuda;

/** Why there is no device of CUDA's here, in words for whoever runs the server. */
final class Missing extends Exception {
    private static final long serialVersionUID = 1;

    Missing(String reason) {
        super(reason);
    }
}
