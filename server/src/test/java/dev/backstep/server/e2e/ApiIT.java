package dev.backstep.server.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.Route;
import dev.backstep.server.Playground;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** window.backstep, as docs/embedding.md promises it. */
@ExtendWith(Playground.class)
class ApiIT {
    private static final String SQUARE = """
            { format: 1,
              nodes: [
                { id: "a", type: "tensor", label: "x", attrs: { data: [1, 2, 3], requires_grad: true } },
                { id: "b", type: "mul", label: "square" },
                { id: "c", type: "sum", label: "total" }
              ],
              wires: [ { from: ["a", 0], to: ["b", 0] }, { from: ["a", 0], to: ["b", 1] },
                       { from: ["b", 0], to: ["c", 0] } ] }""";

    @Test
    void runsAndSteps(Page page) {
        new Hands(page).open("/");
        page.evaluate("async () => { await backstep.ready; await backstep.load(" + SQUARE + ") }");
        page.evaluate("backstep.forward()");
        assertEquals(2, page.evaluate("backstep.state().step"));
        page.evaluate("backstep.backward()");
        assertEquals(3, page.evaluate("backstep.state().step"));
        page.evaluate("backstep.seek(backstep.state().steps)");
        assertEquals(List.of(2, 4, 6), page.evaluate("backstep.state().tensors.x.grad"));
        page.evaluate("backstep.step(-1)");
        assertEquals(null, page.evaluate("backstep.state().tensors.x.grad"));
        page.evaluate("backstep.step()");
        assertEquals(14, page.evaluate("backstep.state().tensors.total.value"));
        assertEquals("SumBackward0", page.evaluate("backstep.state().tensors.total.gradFn"));
        assertTrue(page.evaluate("backstep.link()").toString().contains("/#g=1."));
        assertEquals("cpu", page.evaluate("(async () => (await backstep.devices())[0].name)()"));
        assertTrue(page.evaluate("backstep.version").toString().matches("\\d+\\.\\d+\\.\\d+"));
    }

    @Test
    void takesBackwardsArguments(Page page) {
        new Hands(page).open("/");
        page.evaluate("async () => { await backstep.ready; await backstep.load(JSON.stringify(" + SQUARE + ")) }");
        page.evaluate("backstep.backward({ target: 'square', gradient: [1, 0, 2], retainGraph: true })");
        page.evaluate("backstep.seek(1000)");
        assertEquals(List.of(2, 0, 12), page.evaluate("backstep.state().tensors.x.grad"));
        page.evaluate("backstep.backward({ target: 'square', gradient: [1, 0, 2] })");
        page.evaluate("backstep.seek(1000)");
        assertEquals(List.of(4, 0, 24), page.evaluate("backstep.state().tensors.x.grad"));
    }

    @Test
    void namesTheFaultyPartAndChangesNothing(Page page) {
        Hands hands = new Hands(page).open("/");
        page.evaluate("backstep.load(" + SQUARE + ")");
        String before = hands.document();
        var refused = Assertions.assertThrows(PlaywrightException.class,
                () -> page.evaluate("backstep.load(" + SQUARE.replace("\"mul\"", "\"mull\"") + ")"));
        assertTrue(refused.getMessage().contains("nodes[1].type"), refused.getMessage());
        assertEquals(before, hands.document());
    }

    @Test
    @SuppressWarnings("unchecked")
    void answersAPageThatEmbedsIt(Playground.Visitors visitors) {
        Page page = visitors.open();
        page.setDefaultTimeout(20_000);
        page.route("**/host.html", route -> route.fulfill(new Route.FulfillOptions()
                .setContentType("text/html").setBody("<!doctype html><title>A page around Backstep</title>")));
        page.navigate("/host.html");
        var answer = (Map<String, Object>) page.evaluate("""
                graph => new Promise(resolve => {
                  const frame = Object.assign(document.createElement("iframe"), { src: "/?embed" });
                  let id = 0;
                  const ask = (call, argument) => new Promise(done => {
                    const mine = ++id;
                    addEventListener("message", function hear(event) {
                      if (event.data.id === mine) { removeEventListener("message", hear); done(event.data) }
                    });
                    frame.contentWindow.postMessage({ id: mine, call, argument }, "*");
                  });
                  addEventListener("message", async function hello(event) {
                    if (event.data.event !== "ready") return;
                    removeEventListener("message", hello);
                    await ask("load", graph);
                    await ask("backward");
                    await ask("seek", 100);
                    resolve({ state: await ask("state"), wrong: await ask("alert", "no") });
                  });
                  document.body.append(frame);
                })""", page.evaluate("(" + SQUARE + ")"));
        var state = (Map<String, Map<String, Map<String, Map<String, Object>>>>) answer.get("state");
        assertEquals(List.of(2, 4, 6), state.get("result").get("tensors").get("x").get("grad"));
        assertTrue(((Map<String, Object>) answer.get("wrong")).containsKey("error"));
        assertThat(page.frameLocator("iframe").locator(".palette")).isHidden();
    }
}
