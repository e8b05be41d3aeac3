package dev.backstep.web.ui.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Places the nodes of an acyclic graph in layers, from top to bottom along its edges: each a layer below the lowest of
 * those that lead to it, ordered so that few edges cross, as near above and below its neighbours as there is room.
 * Edges over several layers bend through places of their own. After Sugiyama, Tagawa and Toda; the last step is an
 * isotonic regression for each layer.
 */
final class Layered {
    static final double GAP_X = 26;
    static final double GAP_Y = 46;
    static final double STOREY_GAP = 54;

    private static final double BEND_WIDTH = 14;
    private static final int SWEEPS = 8;
    /** With more bends than this, long edges are drawn straight: they are too many to be followed anyway. */
    private static final int MAX_BENDS = 3_000;
    private static final int LONG = 4;

    private final int count;
    private final int[] storeys;
    private final double width;
    private final double[] heights;
    private final int[][] edges;
    /** Nodes, then bends. */
    private final List<Integer> layerOf = new ArrayList<>();
    private final List<List<Integer>> above = new ArrayList<>();
    private final List<List<Integer>> below = new ArrayList<>();
    private final List<int[]> bends = new ArrayList<>();
    private int[][] layers;
    private double[] centers;
    private double[] tops;

    /**
     * @param storeys the storey of each node: a higher one lies above all of a lower one
     * @param edges pairs of nodes; from a node to others of its storey or of lower ones, without circles
     */
    Layered(int[] storeys, double width, double[] heights, int[][] edges) {
        this.count = storeys.length;
        this.storeys = storeys;
        this.width = width;
        this.heights = heights;
        this.edges = edges;
        rank();
        bend();
        order();
        placeAcross();
        placeDown();
    }

    double left(int node) {
        return centers[node] - width / 2;
    }

    double top(int node) {
        return tops[layerOf.get(node)];
    }

    int layer(int node) {
        return layerOf.get(node);
    }

    /** The nodes beside a node, from left to right, itself among them. */
    List<Integer> beside(int node) {
        return Arrays.stream(layers[layer(node)]).filter(v -> v < count).boxed().toList();
    }

    /** Where edge {@code e} bends: the middles of the places it has in the layers it passes, from the top. */
    List<double[]> bends(int e) {
        List<double[]> points = new ArrayList<>();
        for (int v : bends.get(e)) {
            int layer = layerOf.get(v);
            points.add(new double[] {centers[v], tops[layer], tops[layer] + heightOf(layer)});
        }
        return points;
    }

    private void rank() {
        int[] waiting = new int[count];
        List<List<Integer>> next = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            next.add(new ArrayList<>());
        }
        for (int[] edge : edges) {
            if (storeys[edge[0]] == storeys[edge[1]]) {
                next.get(edge[0]).add(edge[1]);
                waiting[edge[1]]++;
            }
        }
        int[] rank = new int[count];
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (waiting[i] == 0) {
                open.add(i);
            }
        }
        for (int at = 0; at < open.size(); at++) {
            for (int to : next.get(open.get(at))) {
                rank[to] = Math.max(rank[to], rank[open.get(at)] + 1);
                if (--waiting[to] == 0) {
                    open.add(to);
                }
            }
        }
        int storeyCount = Arrays.stream(storeys).max().orElse(0) + 1;
        int[] extent = new int[storeyCount];
        for (int i = 0; i < count; i++) {
            extent[storeys[i]] = Math.max(extent[storeys[i]], rank[i] + 1);
        }
        for (int i = 0; i < count; i++) {
            int first = 0;
            for (int s = storeys[i] + 1; s < storeyCount; s++) {
                first += extent[s];
            }
            layerOf.add(first + rank[i]);
        }
    }

    private int span(int[] edge) {
        return layerOf.get(edge[1]) - layerOf.get(edge[0]);
    }

    private void bend() {
        for (int i = 0; i < count; i++) {
            above.add(new ArrayList<>());
            below.add(new ArrayList<>());
        }
        long wanted = 0;
        for (int[] edge : edges) {
            wanted += span(edge) - 1;
        }
        for (int[] edge : edges) {
            int span = span(edge);
            int[] path = new int[wanted > MAX_BENDS && span > LONG ? 0 : Math.max(0, span - 1)];
            int from = edge[0];
            for (int i = 0; i < path.length; i++) {
                path[i] = layerOf.size();
                layerOf.add(layerOf.get(from) + 1);
                above.add(new ArrayList<>());
                below.add(new ArrayList<>());
                join(from, path[i]);
                from = path[i];
            }
            join(from, edge[1]);
            bends.add(path);
        }
    }

    private void join(int from, int to) {
        below.get(from).add(to);
        above.get(to).add(from);
    }

    private void order() {
        int layerCount = layerOf.stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
        List<List<Integer>> filled = new ArrayList<>();
        for (int i = 0; i < layerCount; i++) {
            filled.add(new ArrayList<>());
        }
        boolean[] seen = new boolean[layerOf.size()];
        for (int v = 0; v < layerOf.size(); v++) {
            if (above.get(v).isEmpty()) {
                fill(v, seen, filled);
            }
        }
        layers = new int[layerCount][];
        double[] place = new double[layerOf.size()];
        for (int i = 0; i < layerCount; i++) {
            layers[i] = filled.get(i).stream().mapToInt(Integer::intValue).toArray();
            number(layers[i], place);
        }
        int[][] best = copy(layers);
        long fewest = crossings(place);
        for (int sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
            boolean down = sweep % 2 == 0;
            for (int k = 1; k < layerCount; k++) {
                int i = down ? k : layerCount - 1 - k;
                sort(layers[i], down ? above : below, place);
            }
            long now = crossings(place);
            if (now < fewest) {
                fewest = now;
                best = copy(layers);
            }
        }
        layers = best;
    }

    private static int[][] copy(int[][] layers) {
        return Arrays.stream(layers).map(int[]::clone).toArray(int[][]::new);
    }

    /** How many pairs of edges between neighbouring layers cross. */
    private long crossings(double[] place) {
        long count = 0;
        for (int[] layer : layers) {
            List<Integer> ends = new ArrayList<>();
            for (int v : layer) {
                for (int to : below.get(v)) {
                    for (int end : ends) {
                        count += place[end] > place[to] ? 1 : 0;
                    }
                    ends.add(to);
                }
            }
        }
        return count;
    }

    /** Depth first, so that what belongs together begins together; with a stack, because graphs are deep. */
    private void fill(int root, boolean[] seen, List<List<Integer>> filled) {
        List<Integer> open = new ArrayList<>(List.of(root));
        while (!open.isEmpty()) {
            int v = open.removeLast();
            if (!seen[v]) {
                seen[v] = true;
                filled.get(layerOf.get(v)).add(v);
                open.addAll(below.get(v).reversed());
            }
        }
    }

    private static void number(int[] layer, double[] place) {
        for (int i = 0; i < layer.length; i++) {
            place[layer[i]] = i;
        }
    }

    private static void sort(int[] layer, List<List<Integer>> neighbours, double[] place) {
        double[] wanted = new double[layer.length];
        Integer[] order = new Integer[layer.length];
        for (int i = 0; i < layer.length; i++) {
            order[i] = i;
            wanted[i] = mean(neighbours.get(layer[i]), place, i);
        }
        Arrays.sort(order, (a, b) -> Double.compare(wanted[a], wanted[b]));
        int[] sorted = new int[layer.length];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = layer[order[i]];
        }
        System.arraycopy(sorted, 0, layer, 0, sorted.length);
        number(layer, place);
    }

    private static double mean(List<Integer> neighbours, double[] place, double otherwise) {
        double sum = 0;
        for (int v : neighbours) {
            sum += place[v];
        }
        return neighbours.isEmpty() ? otherwise : sum / neighbours.size();
    }

    private double widthOf(int v) {
        return v < count ? width : BEND_WIDTH;
    }

    private void placeAcross() {
        centers = new double[layerOf.size()];
        for (int[] layer : layers) {
            double[] wanted = new double[layer.length];
            Arrays.fill(wanted, 0);
            spread(layer, wanted);
        }
        for (int sweep = 0; sweep < 2 * SWEEPS; sweep++) {
            boolean down = sweep % 2 == 0;
            for (int k = 0; k < layers.length; k++) {
                int[] layer = layers[down ? k : layers.length - 1 - k];
                double[] wanted = new double[layer.length];
                for (int i = 0; i < layer.length; i++) {
                    List<Integer> near = new ArrayList<>(down ? above.get(layer[i]) : below.get(layer[i]));
                    if (sweep >= SWEEPS || near.isEmpty()) {
                        near.addAll(down ? below.get(layer[i]) : above.get(layer[i]));
                    }
                    wanted[i] = mean(near, centers, centers[layer[i]]);
                }
                spread(layer, wanted);
            }
        }
        double left = Double.POSITIVE_INFINITY;
        for (int v = 0; v < centers.length; v++) {
            left = Math.min(left, centers[v] - widthOf(v) / 2);
        }
        for (int v = 0; v < centers.length; v++) {
            centers[v] -= left;
        }
    }

    /** The places nearest to the wanted ones, in the sum of squares, that keep order and room. */
    private void spread(int[] layer, double[] wanted) {
        int n = layer.length;
        double[] offset = new double[n];
        for (int i = 1; i < n; i++) {
            offset[i] = offset[i - 1] + (widthOf(layer[i - 1]) + widthOf(layer[i])) / 2 + GAP_X;
        }
        double[] sums = new double[n];
        int[] sizes = new int[n];
        int blocks = 0;
        for (int i = 0; i < n; i++) {
            sums[blocks] = wanted[i] - offset[i];
            sizes[blocks++] = 1;
            while (blocks > 1 && sums[blocks - 2] / sizes[blocks - 2] >= sums[blocks - 1] / sizes[blocks - 1]) {
                sums[blocks - 2] += sums[blocks - 1];
                sizes[blocks - 2] += sizes[blocks - 1];
                blocks--;
            }
        }
        int at = 0;
        for (int b = 0; b < blocks; b++) {
            for (int i = 0; i < sizes[b]; i++, at++) {
                centers[layer[at]] = sums[b] / sizes[b] + offset[at];
            }
        }
    }

    private double heightOf(int layer) {
        double height = 0;
        for (int v : layers[layer]) {
            height = Math.max(height, v < count ? heights[v] : 0);
        }
        return height;
    }

    private void placeDown() {
        tops = new double[layers.length];
        double y = 0;
        int storey = -1;
        for (int i = 0; i < layers.length; i++) {
            int own = storey;
            for (int v : layers[i]) {
                own = v < count ? storeys[v] : own;
            }
            y += storey != -1 && own != storey ? STOREY_GAP : 0;
            storey = own;
            tops[i] = y;
            y += heightOf(i) + GAP_Y;
        }
    }
}
