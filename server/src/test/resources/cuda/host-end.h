
static void** given;

template <class... A, size_t... I> static void call(void (*kernel)(A...), std::index_sequence<I...>) {
    kernel(*(std::remove_const_t<A>*) given[I]...);
}

template <class... A> static void call(void (*kernel)(A...)) {
    call(kernel, std::index_sequence_for<A...>());
}

template <class... A> static int sizes(void (*)(A...), int* to) {
    int all[] = {(std::is_pointer_v<A> ? -1 : (int) sizeof(A))...};
    memcpy(to, all, sizeof(all));
    return sizeof...(A);
}

static void (*body)();

static void thread() {
    body();
    done[threadIdx.x] = true;
}

static void run(void (*what)(), bool waits, unsigned blocks, unsigned count, void** params) {
    body = what;
    given = params;
    for (blockIdx.x = 0; blockIdx.x < blocks; blockIdx.x++) {
        if (!waits) {
            for (threadIdx.x = 0; threadIdx.x < count; threadIdx.x++) {
                body();
            }
            continue;
        }
        for (unsigned i = 0; i < count; i++) {
            done[i] = false;
            getcontext(&one[i]);
            one[i].uc_stack.ss_sp = stacks[i];
            one[i].uc_stack.ss_size = STACK;
            one[i].uc_link = &all;
            makecontext(&one[i], thread, 0);
        }
        for (bool going = true; going;) {
            going = false;
            for (unsigned i = 0; i < count; i++) {
                if (!done[i]) {
                    threadIdx.x = i;
                    swapcontext(&all, &one[i]);
                    going = true;
                }
            }
        }
    }
}

// How a kernel is had from outside: the bytes of each parameter, -1 for a pointer, and a launch.
#define KERNEL(space, name, waits)                                                            \
    static void body_##name() { call(space::name); }                                          \
    extern "C" int sizes_##name(int* to) { return sizes(space::name, to); }                   \
    extern "C" void launch_##name(unsigned blocks, unsigned count, void** params) {           \
        run(body_##name, waits, blocks, count, params);                                       \
    }

