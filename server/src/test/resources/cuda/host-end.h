
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

static void thread() {
    call(backstep);
    done[threadIdx.x] = true;
}

// The bytes of each parameter, -1 for a pointer.
extern "C" int host_sizes(int* to) { return sizes(backstep, to); }

extern "C" void host_launch(unsigned blocks, unsigned count, void** params) {
    given = params;
    for (blockIdx.x = 0; blockIdx.x < blocks; blockIdx.x++) {
#ifdef WAITS
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
#else
        for (threadIdx.x = 0; threadIdx.x < count; threadIdx.x++) {
            call(backstep);
        }
#endif
    }
}
