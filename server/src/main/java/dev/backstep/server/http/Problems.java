package dev.backstep.server.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLTransientException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Makes every error an {@code application/problem+json}, whoever finds it: a handler, the router or Jetty. */
public final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger("backstep.http");

    private Problems() {}

    /** Installs the handlers. */
    public static void install(JavalinConfig config) {
        config.http.prefer405over404 = true;
        config.routes.exception(Problem.class, (problem, ctx) -> problem.answer(ctx));
        config.routes.exception(HttpResponseException.class, (e, ctx) -> {
            var status = HttpStatus.forStatus(e.getStatus());
            var methods = e.getDetails().get("availableMethods");
            if (status == HttpStatus.METHOD_NOT_ALLOWED && methods != null) {
                ctx.header("Allow", methods);
            }
            new Problem(status, switch (status) {
                case NOT_FOUND -> "There is nothing at " + ctx.path() + ".";
                case METHOD_NOT_ALLOWED -> ctx.method() + " does not fit " + ctx.path() + ": it takes " + methods + ".";
                case CONTENT_TOO_LARGE -> "The body is larger than the %,d bytes that are allowed."
                        .formatted(config.http.maxRequestSize);
                default -> e.getMessage();
            }).answer(ctx);
        });
        config.routes.exception(Exception.class, (e, ctx) -> {
            LOG.atError().addKeyValue("method", ctx.method()).addKeyValue("path", ctx.path()).setCause(e)
                    .log("request failed");
            if (isBusy(e)) {
                ctx.header("Retry-After", "5");
                new Problem(HttpStatus.SERVICE_UNAVAILABLE, "The database has too much to do. Try again in a moment.")
                        .answer(ctx);
                return;
            }
            new Problem(HttpStatus.INTERNAL_SERVER_ERROR, "The server failed; its log says why.").answer(ctx);
        });
        config.router.javaLangErrorHandler((response, error) -> {
            LOG.error("request failed", error);
            response.setStatus(500);
            response.setContentType(Problem.CONTENT_TYPE);
            try {
                response.getOutputStream().write(Problem.json(500, "Server Error", "The server failed.", null));
            } catch (IOException e) {
                LOG.debug("nobody to tell", e);
            }
        });
        config.jetty.modifyServer(server -> server.setErrorHandler(new JettyProblems()));
    }

    /** Whether the database was asked by too many for too long. */
    private static boolean isBusy(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientException
                    || cause instanceof SQLiteException e && e.getResultCode() == SQLiteErrorCode.SQLITE_BUSY) {
                return true;
            }
        }
        return false;
    }

    /** What Jetty refuses before Javalin sees it: bad requests, over-long headers. */
    private static final class JettyProblems extends ErrorHandler {
        @Override
        protected void generateResponse(
                Request request, Response response, int code, String message, Throwable cause, Callback callback) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
            SecurityHeaders.all("", (name, value) -> response.getHeaders().put(name, value));
            var title = HttpStatus.forStatus(code).getMessage();
            response.write(true, ByteBuffer.wrap(Problem.json(code, title, message, null)), callback);
        }

        @Override
        public boolean errorPageForMethod(String method) {
            return true;
        }
    }
}
