package dev.backstep.engine.compile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** Joins items where nothing must run between them, leaves out what nobody wants, and puts the rest in order. */
final class Fusion {
    private final List<Item> items = new ArrayList<>();
    private final Set<Cluster> clusters = new LinkedHashSet<>();

    /** @param wanted the cells whose numbers are wanted after the step */
    Fusion(List<Item> all, Set<Cell> wanted) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).index = i;
        }
        link(all, wanted);
        for (int i = all.size() - 1; i >= 0; i--) {
            Item item = all.get(i);
            item.live = item.last || item.readers.stream().anyMatch(reader -> reader.live);
        }
        for (Item item : all) {
            item.after.removeIf(next -> !next.live);
            item.readers.removeIf(next -> !next.live);
            if (item.live) {
                items.add(item);
                item.cluster = Cluster.of(item);
                clusters.add(item.cluster);
            }
        }
        join();
    }

    /** Who must run before whom. */
    private static void link(List<Item> all, Set<Cell> wanted) {
        Map<Cell, List<Item>> writers = new IdentityHashMap<>();
        Map<Cell, List<Item>> readers = new IdentityHashMap<>();
        for (Item item : all) {
            for (Ref ref : item.in) {
                for (Item writer : writers.getOrDefault(ref.cell(), List.of())) {
                    after(writer, item);
                    if (!writer.readers.contains(item)) {
                        writer.readers.add(item);
                    }
                }
            }
            Cell cell = item.out.cell();
            readers.getOrDefault(cell, List.of()).forEach(reader -> after(reader, item));
            List<Item> before = writers.computeIfAbsent(cell, _ -> new ArrayList<>());
            before.forEach(writer -> after(writer, item));
            if (item.out.isOverwritten(item.kernel)) {
                before.clear();
                readers.put(cell, new ArrayList<>());
            }
            before.add(item);
            for (Ref ref : item.in) {
                readers.computeIfAbsent(ref.cell(), _ -> new ArrayList<>()).add(item);
            }
        }
        for (Cell cell : wanted) {
            writers.getOrDefault(cell, List.of()).forEach(writer -> writer.last = true);
        }
    }

    private static void after(Item first, Item second) {
        if (first != second && !first.after.contains(second)) {
            first.after.add(second);
        }
    }

    private void join() {
        for (Item item : items) {
            if (!item.isPointwise()) {
                continue;
            }
            for (Item other : items) {
                if (other.index < item.index && other.readers.contains(item)) {
                    join(item, other);
                }
            }
            for (Item other : items) {
                if (other.index < item.index && other.isPointwise() && sharesInput(item, other)) {
                    join(item, other);
                }
            }
        }
    }

    private static boolean sharesInput(Item a, Item b) {
        for (Ref x : a.in) {
            for (Ref y : b.in) {
                if (x.cell() == y.cell() && !x.isSingle()) {
                    return true;
                }
            }
        }
        return false;
    }

    private void join(Item a, Item b) {
        Cluster first = a.cluster;
        Cluster second = b.cluster;
        if (first == second) {
            return;
        }
        Cluster joined = Cluster.join(first, second);
        if (joined == null || leads(first, second) || leads(second, first)) {
            return;
        }
        clusters.remove(first);
        clusters.remove(second);
        clusters.add(joined);
        joined.items.forEach(item -> item.cluster = joined);
    }

    /** Whether a way leads from one to the other by others. */
    private static boolean leads(Cluster from, Cluster to) {
        List<Cluster> open = new ArrayList<>();
        Set<Cluster> seen = new HashSet<>();
        seen.add(from);
        for (Item item : from.items) {
            for (Item next : item.after) {
                if (next.cluster != to && seen.add(next.cluster)) {
                    open.add(next.cluster);
                }
            }
        }
        while (!open.isEmpty()) {
            for (Item item : open.removeLast().items) {
                for (Item next : item.after) {
                    if (next.cluster == to) {
                        return true;
                    }
                    if (seen.add(next.cluster)) {
                        open.add(next.cluster);
                    }
                }
            }
        }
        return false;
    }

    /** All in an order in which they may run, those of the change of the parameters last. */
    List<Cluster> order() {
        Map<Cluster, Integer> waiting = new HashMap<>();
        Map<Cluster, Set<Cluster>> next = new HashMap<>();
        for (Cluster cluster : clusters) {
            Set<Cluster> later = new LinkedHashSet<>();
            for (Item item : cluster.items) {
                for (Item after : item.after) {
                    if (after.cluster != cluster) {
                        later.add(after.cluster);
                    }
                }
            }
            next.put(cluster, later);
            later.forEach(other -> waiting.merge(other, 1, Integer::sum));
        }
        PriorityQueue<Cluster> ready = new PriorityQueue<>(Comparator.comparing(Cluster::late)
                .thenComparing(cluster -> cluster.items.getFirst().index));
        clusters.stream().filter(cluster -> !waiting.containsKey(cluster)).forEach(ready::add);
        List<Cluster> order = new ArrayList<>();
        while (!ready.isEmpty()) {
            Cluster cluster = ready.poll();
            order.add(cluster);
            for (Cluster other : next.get(cluster)) {
                if (waiting.merge(other, -1, Integer::sum) == 0) {
                    ready.add(other);
                }
            }
        }
        return order;
    }
}
