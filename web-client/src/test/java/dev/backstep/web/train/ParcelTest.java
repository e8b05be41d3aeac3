package dev.backstep.web.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is said before a document is sent. */
class ParcelTest {
    @Test
    void countsWhatIsSent() {
        Graph graph = GraphJson.read("""
                {"format":1,"nodes":[
                {"id":"d","type":"data","attrs":{"source":"csv","csv":"a,b\\n1,2\\n3,4\\n5,6\\n","features":"a",
                 "target":"b","encoding":"column"}},
                {"id":"w","type":"uniform","attrs":{"size":[2,3],"requires_grad":true}},
                {"id":"c","type":"zeros","attrs":{"size":[5]}},
                {"id":"v","type":"tensor","attrs":{"data":1.5,"requires_grad":true}}],"wires":[]}""");
        Parcel parcel = Parcel.of(graph);
        assertEquals(4, parcel.boxes());
        assertEquals(7, parcel.parameters());
        assertEquals(3, parcel.rows());
        assertEquals(("{\"document\":" + GraphJson.write(graph) + "}").getBytes(StandardCharsets.UTF_8).length,
                parcel.bytes());
    }
}
