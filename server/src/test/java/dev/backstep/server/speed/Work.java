package dev.backstep.server.speed;

/** A piece of work that is done here and in LibTorch, so that the two can be timed and compared. */
interface Work {
    /** Does it once; what it answers is the same here and there. */
    double run();
}
