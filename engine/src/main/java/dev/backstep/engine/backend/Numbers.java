package dev.backstep.engine.backend;

/** Numbers by name that change from step to step, as a learning rate does. */
public interface Numbers {
    /** The number of that name in the present step. */
    double get(String name);
}
