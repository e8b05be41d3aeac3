package dev.backstep.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import dev.backstep.server.Playground;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page as the browser tells it to a screen reader: a role, a name and a place for all that is drawn. */
@ExtendWith(Playground.class)
class AccessibilityIT {
    private record Item(String role, String name) {}

    /** The accessibility tree from top to bottom, without what is ignored. */
    private static List<Item> read(Page page) {
        CDPSession session = page.context().newCDPSession(page);
        session.send("Accessibility.enable");
        Map<String, JsonObject> nodes = new HashMap<>();
        JsonObject root = null;
        for (JsonElement element : session.send("Accessibility.getFullAXTree").getAsJsonArray("nodes")) {
            JsonObject node = element.getAsJsonObject();
            nodes.put(node.get("nodeId").getAsString(), node);
            root = root == null ? node : root;
        }
        session.detach();
        List<Item> items = new ArrayList<>();
        read(root, nodes, items);
        return items;
    }

    private static void read(JsonObject node, Map<String, JsonObject> nodes, List<Item> items) {
        if (!node.get("ignored").getAsBoolean()) {
            items.add(new Item(text(node, "role"), text(node, "name")));
        }
        if (node.has("childIds")) {
            node.getAsJsonArray("childIds").forEach(id -> {
                if (nodes.containsKey(id.getAsString())) {
                    read(nodes.get(id.getAsString()), nodes, items);
                }
            });
        }
    }

    private static String text(JsonObject node, String field) {
        return node.has(field) && node.getAsJsonObject(field).has("value")
                ? node.getAsJsonObject(field).get("value").getAsString() : "";
    }

    /** Where these items come; each must be there once, in this order. */
    private static int[] places(List<Item> items, String role, List<String> names) {
        int[] places = names.stream().mapToInt(name -> {
            List<Integer> found = IntStream.range(0, items.size()).boxed()
                    .filter(i -> items.get(i).role().equals(role) && items.get(i).name().startsWith(name)).toList();
            assertEquals(1, found.size(), role + " " + name + " in " + items);
            return found.getFirst();
        }).toArray();
        for (int i = 1; i < places.length; i++) {
            assertTrue(places[i - 1] < places[i], names.get(i - 1) + " comes before " + names.get(i));
        }
        return places;
    }

    @Test
    void everyNodePortEdgeAndEventIsTold(Page page) {
        Hands hands = new Hands(page).open("/");
        hands.example("A neuron");
        hands.run();
        hands.go("last", 10);
        page.locator("#events-toggle").click();
        page.locator(".event-row").nth(9).waitFor();
        List<Item> items = read(page);
        // Nodes in the order in which they are computed, each with its ports behind it and before the next.
        List<String> nodes = List.of("x, torch.tensor", "w, torch.tensor", "b, torch.tensor", "product, torch.mul",
                "sum, torch.add", "y, torch.tanh");
        int[] at = places(items, "group", nodes);
        int[] ports = places(items, "button", List.of("Output out of x", "Output out of w", "Output out of b",
                "Input input of product", "Input other of product", "Output out of product", "Input input of sum",
                "Input other of sum", "Output out of sum", "Input input of y", "Output out of y"));
        int[] owner = {0, 1, 2, 3, 3, 3, 4, 4, 4, 5, 5};
        for (int i = 0; i < ports.length; i++) {
            assertTrue(at[owner[i]] < ports[i], "a port comes behind its node");
            assertTrue(owner[i] + 1 == at.length || ports[i] < at[owner[i] + 1], "and before the next node");
        }
        List<String> wires = items.stream().filter(item -> item.role().equals("image")
                && item.name().startsWith("Wire from")).map(Item::name).sorted().toList();
        assertEquals(List.of("Wire from b to sum, []", "Wire from product to sum, []", "Wire from sum to y, []",
                "Wire from w to product, []", "Wire from x to product, []"), wires);
        places(items, "option", List.of("1 Forward Forward: product", "2 Forward Forward: sum", "3 Forward Forward: y",
                "4 Backward Backward starts at y", "5 Node runs TanhBackward0 runs at y", "5 Free 4 B freed: Tanh"));
        assertTrue(items.stream().filter(item -> List.of("button", "option", "textbox", "slider", "listbox",
                "image", "combobox", "switch").contains(item.role())).noneMatch(item -> item.name().isBlank()),
                "nothing that can be used is without a name: " + items);
    }

    @Test
    void soIsPyTorchsGraph(Page page) {
        Hands hands = new Hands(page).open("/");
        hands.example("A neuron");
        hands.run();
        page.locator("#view-autograd").click();
        page.locator(".fn").first().waitFor();
        List<Item> items = read(page);
        places(items, "group", List.of("TanhBackward0, made by y", "AddBackward0, made by sum",
                "MulBackward0, made by product"));
        for (String leaf : List.of("x", "w", "b")) {
            places(items, "group", List.of("AccumulateGrad, collects " + leaf + ".grad"));
        }
        assertEquals(5, items.stream().filter(item -> item.role().equals("image")
                && item.name().contains("next_functions")).count(), items::toString);
    }
}
