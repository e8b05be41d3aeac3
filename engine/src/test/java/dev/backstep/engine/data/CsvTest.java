package dev.backstep.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.data.Csv.Kind;
import dev.backstep.engine.data.Csv.Problem;
import dev.backstep.engine.data.Csv.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables as people paste them. */
class CsvTest {
    private static List<Type> types(Csv csv) {
        return csv.columns().stream().map(Csv.Column::type).toList();
    }

    private static List<String> names(Csv csv) {
        return csv.columns().stream().map(Csv.Column::name).toList();
    }

    @Test
    void quotesSeparatorsAndLineEndsInCells() {
        Csv csv = Csv.read("name,size\r\n\"a, \"\"b\"\"\r\nc\",1\r\nd,2\r\n");
        assertEquals(List.of("name", "size"), names(csv));
        assertEquals("a, \"b\"\r\nc", csv.cell(0, 0));
        assertEquals(2, csv.number(1, 1));
        assertEquals(List.of(), csv.problems(List.of(0, 1)));
    }

    @ParameterizedTest
    @CsvSource({"comma, ','", "semicolon, ;", "tab, '\t'"})
    void findsTheSeparator(String name, char separator) {
        Csv csv = Csv.read("x1;x2;y\n1.5;2;a\n-2;1e3;b\n".replace(';', separator));
        assertEquals(separator, csv.separator(), name);
        assertTrue(csv.hasHeader());
        assertEquals(List.of(Type.NUMBER, Type.NUMBER, Type.CATEGORY), types(csv));
        assertEquals(1000, csv.number(1, 1));
    }

    @Test
    void readsDecimalCommas() {
        Csv csv = Csv.read("Höhe;Breite\n1,5;2,25\n0,5;3\n");
        assertEquals(';', csv.separator());
        assertEquals(1.5, csv.number(0, 0));
        assertEquals(2.25, csv.number(0, 1));
    }

    @Test
    void namesColumnsWithoutHeader() {
        Csv csv = Csv.read("1,2,a\n3,4,b\n");
        assertFalse(csv.hasHeader());
        assertEquals(List.of("column 1", "column 2", "column 3"), names(csv));
        assertEquals(2, csv.size());
        assertEquals(List.of("a", "a 2", "column 3"), names(Csv.read("a,a,\n1,2,3\n")));
        assertFalse(Csv.read("a,b\nb,a\na,a\n").hasHeader());
        assertTrue(Csv.read("\uFEFFid,kind\nx,p\ny,q\n").hasHeader());
        assertEquals("id", Csv.read("\uFEFFid,kind\nx,p\ny,q\n").columns().getFirst().name());
    }

    @Test
    void namesBadRowsByLineAndColumn() {
        Csv csv = Csv.read("""
                height,width,kind
                1,2,a
                oops,4,b

                5,6
                7,8,"c"d
                9,NA,a
                11,12,a
                """);
        assertEquals(List.of(
                new Problem(3, "height", Kind.NOT_A_NUMBER, "oops", 3),
                new Problem(5, null, Kind.CELLS, "2", 3),
                new Problem(6, null, Kind.QUOTE_FOLLOWED, "", 3),
                new Problem(7, "width", Kind.NO_VALUE, "NA", 3)), csv.problems(List.of(0, 1, 2)));
        // A column that is not asked for spoils no row.
        assertEquals(List.of(5, 6), csv.problems(List.of(2)).stream().map(Problem::line).toList());
        Samples samples = Choice.of(csv, "", "", Choice.AUTO).samples();
        assertArrayEquals(new double[] {1, 2, 11, 12}, samples.x().toDoubles());
    }

    @Test
    void aQuoteNeverClosedSpoilsItsLineAlone() {
        Csv csv = Csv.read("a,b\n1,2\n\"3,4\n5,6\n7,8\n");
        assertEquals(List.of(new Problem(3, null, Kind.QUOTE_OPEN, "", 2)), csv.problems(List.of(0, 1)));
        assertEquals(3, csv.size());
    }

    @Test
    void guessesTypes() {
        StringBuilder text = new StringBuilder("n,k,t,e\n");
        for (int i = 0; i < 100; i++) {
            text.append(i == 50 ? "" : i / 8.0).append(',').append("kind").append(i % 4).append(",name").append(i)
                    .append(",\n");
        }
        Csv csv = Csv.read(text.toString());
        assertEquals(List.of(Type.NUMBER, Type.CATEGORY, Type.TEXT, Type.EMPTY), types(csv));
        assertEquals(List.of("kind0", "kind1", "kind2", "kind3"), csv.columns().get(1).categories());
        assertEquals(1, csv.columns().getFirst().missing());
        assertEquals(DataException.Code.NOT_NUMBERS, assertThrows(DataException.class,
                () -> Choice.of(csv, "t", "k", Choice.AUTO)).code());
        assertEquals(DataException.Code.NO_VALUES, assertThrows(DataException.class,
                () -> Choice.of(csv, "n", "k", Choice.VALUES)).code());
        assertEquals(List.of("n", "99"), List.of(Choice.of(csv, "n", "k", Choice.AUTO).samples().features().getFirst(),
                "" + Choice.of(csv, "n", "k", Choice.AUTO).samples().size()));
    }

    @Test
    void aTargetIsTakenForClassesOrValues() {
        Csv csv = Csv.read("x,few,many\n" + "1,0,0.5\n2,1,1.5\n3,10,2.5\n4,1,3.5\n5,10,4\n6,0,7\n");
        assertEquals(List.of("0", "1", "10"), Choice.of(csv, "x", "few", Choice.AUTO).samples().classes());
        assertEquals(List.of(), Choice.of(csv, "x", "few", Choice.VALUES).samples().classes());
        assertEquals(List.of(), Choice.of(csv, "x", "many", Choice.AUTO).samples().classes());
        assertArrayEquals(new long[] {0, 1, 2, 1, 2, 0},
                Choice.of(csv, "x", "few", Choice.AUTO).samples().y().toLongs());
        assertEquals(DataException.Code.NO_FEATURES, assertThrows(DataException.class,
                () -> Choice.of(csv, "few", "few", Choice.AUTO)).code());
    }

    @Test
    void refusesWhatIsTooLarge() {
        assertEquals(List.of("400001", "characters", "400000"), assertThrows(DataException.class,
                () -> Csv.read("x".repeat(400_001))).arguments());
        assertEquals("rows", assertThrows(DataException.class,
                () -> Csv.read("1,2\n".repeat(20_001))).arguments().get(1));
        assertEquals("columns", assertThrows(DataException.class,
                () -> Csv.read("1,".repeat(200) + "1\n")).arguments().get(1));
        assertEquals(DataException.Code.NO_TABLE, assertThrows(DataException.class, () -> Csv.read("\n\n")).code());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsWrittenByTheRulesIsReadBack(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            int width = random.nextInt(2, 6);
            char separator = ",;\t".charAt(random.nextInt(3));
            List<List<String>> rows = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            for (int row = random.nextInt(2, 8); row > 0; row--) {
                List<String> cells = new ArrayList<>();
                for (int i = 0; i < width; i++) {
                    cells.add(cell(random));
                }
                rows.add(cells);
                text.append(String.join("" + separator, cells.stream()
                        .map(cell -> '"' + cell.replace("\"", "\"\"") + '"').toList()))
                        .append(random.nextBoolean() ? "\r\n" : "\n");
            }
            assertEquals(rows, CsvReader.rows(text.toString(), separator).stream().map(CsvReader.Row::cells).toList());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void everyLineOfAnyTextIsASampleOrNamed(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            StringBuilder text = new StringBuilder("a,b\n0,0\n");
            int lines = random.nextInt(1, 12);
            for (int i = 0; i < lines; i++) {
                for (int k = random.nextInt(1, 6); k > 0; k--) {
                    text.append("1.,\"x-".charAt(random.nextInt(6)));
                }
                text.append('\n');
            }
            Csv csv = Csv.read(text.toString());
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < csv.columns().size(); i++) {
                all.add(i);
            }
            List<Problem> problems = csv.problems(all);
            long good = 0;
            for (int row = 0; row < csv.size(); row++) {
                good += csv.problem(row, all) == null ? 1 : 0;
            }
            int rows = CsvReader.rows(text.toString(), csv.separator()).size() - (csv.hasHeader() ? 1 : 0);
            assertEquals(rows, good + problems.size(), text.toString());
            assertTrue(problems.stream().allMatch(problem -> problem.line() >= 1 && problem.line() <= lines + 2));
        }
    }

    private static String cell(Random random) {
        StringBuilder cell = new StringBuilder("c");
        for (int k = random.nextInt(6); k > 0; k--) {
            cell.append("ab \",;\t\n\r字".charAt(random.nextInt(10)));
        }
        return cell.toString();
    }
}
