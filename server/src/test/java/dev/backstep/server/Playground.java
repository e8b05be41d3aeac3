package dev.backstep.server;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real server and a real Chromium, for {@code @ExtendWith(Playground.class)}.
 *
 * <p>A test method takes a {@link Page}, which is a browser profile of its own (its addresses start at the server's:
 * {@code page.navigate("/")}), or a {@link Visitors}, which opens more of them. A test fails when a page of it logs an
 * error, throws, breaks its Content-Security-Policy or gets an error from the server, but for what
 * {@link Visitors#expect} names. Screenshots of what failed are in {@code target/screenshots}.
 */
public final class Playground implements ParameterResolver, AfterTestExecutionCallback {
    private static final Namespace HERE = Namespace.create(Playground.class);
    /** WebGPU without a GPU. The browser's own drawing goes the same way, or copies between the two crash it. */
    static final List<String> GPU = List.of("--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader",
            "--enable-features=Vulkan", "--use-vulkan=swiftshader", "--use-angle=swiftshader",
            "--enable-unsafe-swiftshader");

    /** A test that waits for something waits long enough for a busy machine. */
    private static final double PATIENCE_MILLIS = 20_000;

    static {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    }

    /** The server and the browser that all tests share. */
    private static final class Shared implements AutoCloseable {
        private final Path data;
        private final Server server;
        private final Playwright playwright;
        private final Browser browser;
        private Browser gpuBrowser;

        Shared() {
            try {
                data = Files.createTempDirectory("backstep-test");
                server = Server.start(Config.from(Map.of("PORT", "0", "BACKSTEP_HOST", "localhost", "BACKSTEP_DATA",
                        data.toString(), "BACKSTEP_MAX_RUNS_PER_MINUTE", "1000")));
                playwright = Playwright.create(new Playwright.CreateOptions()
                        .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                browser = playwright.chromium().launch(launch(Chromium.executable(), List.of()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** A browser with WebGPU, by SwiftShader; started when it is first asked for. */
        Browser gpuBrowser() {
            if (gpuBrowser == null) {
                try {
                    gpuBrowser = playwright.chromium().launch(launch(Chromium.executable(), GPU));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return gpuBrowser;
        }

        @Override
        public void close() throws IOException {
            if (gpuBrowser != null) {
                gpuBrowser.close();
            }
            browser.close();
            playwright.close();
            server.close();
            try (var files = Files.walk(data)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    static BrowserType.LaunchOptions launch(Optional<Path> executable, List<String> more) {
        var arguments = new ArrayList<>(List.of("--no-sandbox", "--disable-background-networking"));
        arguments.addAll(more);
        var options = new BrowserType.LaunchOptions().setArgs(arguments);
        executable.ifPresent(options::setExecutablePath);
        return options;
    }

    /** The browser that all tests share. */
    static Browser browser(ExtensionContext context) {
        return shared(context).browser;
    }

    private static Shared shared(ExtensionContext context) {
        return context.getRoot().getStore(HERE).computeIfAbsent(Shared.class, _ -> new Shared(), Shared.class);
    }

    /** The browser profiles of one test. */
    public static final class Visitors implements AutoCloseable {
        private final Shared shared;
        private final List<Page> pages = new ArrayList<>();
        private final List<String> complaints = new ArrayList<>();
        private final List<Pattern> expected = new ArrayList<>();

        Visitors(Shared shared) {
            this.shared = shared;
        }

        /** Where the server is, without a slash at the end. */
        public String url() {
            return "http://localhost:" + shared.server.port();
        }

        /** A page in a fresh profile of 1280 x 800. */
        public Page open() {
            return open(options -> options.setViewportSize(1280, 800));
        }

        /** A page in a fresh profile: of another size, language, colour scheme, with touch ... */
        public Page open(Consumer<Browser.NewContextOptions> how) {
            var options = new Browser.NewContextOptions().setLocale("en-US").setBaseURL(url());
            how.accept(options);
            return watched(shared.browser.newContext(options).newPage());
        }

        /** A page in a fresh profile of a browser with WebGPU. */
        public Page openWithGpu() {
            return watched(shared.gpuBrowser().newContext(new Browser.NewContextOptions().setLocale("en-US")
                    .setBaseURL(url()).setViewportSize(1280, 800)).newPage());
        }

        /** A further tab of {@code page}'s profile. */
        public Page tab(Page page) {
            return watched(page.context().newPage());
        }

        /** From now on, complaints that contain {@code regex} are as they should be. */
        public void expect(String regex) {
            expected.add(Pattern.compile(regex));
        }

        private Page watched(Page page) {
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    complain("console: " + message.text() + " (" + message.location() + ")");
                }
            });
            page.onPageError(error -> complain("uncaught: " + error));
            page.onCrash(_ -> complain("the page crashed"));
            page.onResponse(response -> {
                if (response.status() >= 400) {
                    complain(response.status() + " from " + response.url());
                }
            });
            pages.add(page);
            return page;
        }

        private void complain(String complaint) {
            if (expected.stream().noneMatch(pattern -> pattern.matcher(complaint).find())) {
                complaints.add(complaint);
            }
        }

        private void screenshots(String name) {
            var folder = Path.of(System.getProperty("backstep.screenshots", "target/screenshots"));
            for (int i = 0; i < pages.size(); i++) {
                if (!pages.get(i).isClosed()) {
                    pages.get(i).screenshot(new Page.ScreenshotOptions()
                            .setPath(folder.resolve(name + "-" + i + ".png")));
                }
            }
        }

        @Override
        public void close() {
            pages.stream().map(Page::context).distinct().forEach(BrowserContext::close);
        }
    }

    private static Visitors visitors(ExtensionContext context) {
        return context.getStore(HERE)
                .computeIfAbsent(Visitors.class, _ -> new Visitors(shared(context)), Visitors.class);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        var type = parameter.getParameter().getType();
        return type == Page.class || type == Visitors.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var visitors = visitors(context);
        return parameter.getParameter().getType() == Page.class ? visitors.open() : visitors;
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        var visitors = context.getStore(HERE).get(Visitors.class, Visitors.class);
        if (visitors == null) {
            return;
        }
        boolean failed = context.getExecutionException().isPresent();
        if (failed || !visitors.complaints.isEmpty()) {
            visitors.screenshots(context.getRequiredTestClass().getSimpleName() + "."
                    + context.getRequiredTestMethod().getName());
        }
        if (!visitors.complaints.isEmpty()) {
            var error = new AssertionError("the page complained:\n  " + String.join("\n  ", visitors.complaints));
            context.getExecutionException().ifPresent(error::addSuppressed);
            throw error;
        }
    }
}
