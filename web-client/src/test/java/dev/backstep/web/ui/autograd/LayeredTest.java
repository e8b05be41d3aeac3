package dev.backstep.web.ui.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayeredTest {
    private static final double WIDTH = 200;

    private static Layered layout(int[] storeys, int[]... edges) {
        double[] heights = new double[storeys.length];
        Arrays.setAll(heights, i -> 60 + i % 3 * 20);
        return new Layered(storeys, WIDTH, heights, edges);
    }

    private static double middle(Layered layout, int node) {
        return layout.left(node) + WIDTH / 2;
    }

    @Test
    void aChainIsAStraightLine() {
        Layered layout = layout(new int[3], new int[] {0, 1}, new int[] {1, 2});
        assertEquals(middle(layout, 0), middle(layout, 1), 1e-6);
        assertEquals(middle(layout, 0), middle(layout, 2), 1e-6);
        assertEquals(60 + Layered.GAP_Y, layout.top(1), 1e-6);
    }

    @Test
    void aParentStandsBetweenItsChildren() {
        Layered layout = layout(new int[3], new int[] {0, 1}, new int[] {0, 2});
        assertEquals(middle(layout, 0), (middle(layout, 1) + middle(layout, 2)) / 2, 1e-6);
        assertTrue(layout.left(1) + WIDTH < layout.left(2));
        assertEquals(List.of(1, 2), layout.beside(2));
    }

    @Test
    void longEdgesBendAroundWhatLiesBetween() {
        Layered layout = layout(new int[3], new int[] {0, 1}, new int[] {1, 2}, new int[] {0, 2});
        assertEquals(List.of(), layout.bends(0));
        double[] bend = layout.bends(2).getFirst();
        assertTrue(bend[0] < layout.left(1) || bend[0] > layout.left(1) + WIDTH, "beside the node, not through it");
    }

    @Test
    void edgesDoNotCrossWhereTheyNeedNot() {
        // 0 leads to 3, 1 to 2: the lower layer is turned around.
        Layered layout = layout(new int[4], new int[] {0, 3}, new int[] {1, 2});
        assertTrue((middle(layout, 0) - middle(layout, 1)) * (middle(layout, 3) - middle(layout, 2)) > 0);
    }

    @Test
    void aHigherStoreyLiesAboveAllOfALowerOne() {
        Layered layout = layout(new int[] {0, 0, 1, 1}, new int[] {0, 1}, new int[] {2, 3}, new int[] {3, 1});
        assertTrue(layout.top(3) + Layered.GAP_Y < layout.top(0));
        assertTrue(layout.top(2) < layout.top(3));
    }

    /** Random graphs of 500 nodes and 800 edges: every edge goes down, and no two nodes overlap. */
    @Test
    void largeGraphsKeepTheirOrderAndRoom() {
        Random random = new Random(7);
        for (int round = 0; round < 5; round++) {
            int n = 500;
            List<int[]> edges = new ArrayList<>();
            for (int i = 1; i < n; i++) {
                edges.add(new int[] {Math.max(0, i - 1 - random.nextInt(1 + 10 * round)), i});
            }
            for (int i = 0; i < 300; i++) {
                int from = random.nextInt(n - 1);
                edges.add(new int[] {from, from + 1 + random.nextInt(n - from - 1)});
            }
            Layered layout = layout(new int[n], edges.toArray(int[][]::new));
            for (int[] edge : edges) {
                assertTrue(layout.top(edge[0]) < layout.top(edge[1]));
            }
            for (int i = 0; i < n; i++) {
                List<Integer> beside = layout.beside(i);
                for (int k = 1; k < beside.size(); k++) {
                    assertTrue(layout.left(beside.get(k - 1)) + WIDTH <= layout.left(beside.get(k)));
                }
            }
        }
    }
}
