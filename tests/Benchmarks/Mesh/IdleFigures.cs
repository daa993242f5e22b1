using System.Text.Json.Nodes;
using Blackwall.Benchmarks.Report;
using Blackwall.Tests.Mesh.Interop;

namespace Blackwall.Benchmarks.Mesh;

/// <summary>What connections cost on which nothing happens, and what the mesh costs without any.</summary>
internal sealed class IdleFigures : IFigureGroup
{
    public string Name => "idle";

    public string Title => "Memory: a host at rest, and idle connections";

    public async Task MeasureAsync(BenchOptions options, FigureBook book)
    {
        int count = options.Quick ? 1_000 : 10_000;
        await using JsPeer listener = await MeshNode.StartAsync(gossip: false);
        long without = (await listener.EventAsync("ready"))["rssBefore"]!.GetValue<long>();
        await using JsPeer resting = await MeshNode.StartAsync(gossip: true);
        book.Add(new Figure("a host with gossip at rest, beyond the same process without", ((await Usage.OfAsync(resting)).Memory - without) / 1e6, "MB", Budget: 40));

        await using JsPeer crowd = await MeshNode.StartAsync(gossip: false);
        await crowd.AskAsync("crowd", new { address = listener.Address.ToString(), count = 100 }, seconds: 60);
        long before = (await Usage.OfAsync(listener)).Memory;
        await crowd.AskAsync("crowd", new { address = listener.Address.ToString(), count }, seconds: 900);
        JsonObject connections = await listener.AskAsync("connections");
        if (connections["count"]!.GetValue<int>() != count + 100)
        {
            throw new InvalidOperationException($"{connections["count"]} of {count + 100} connections stand.");
        }

        long after = (await Usage.OfAsync(listener)).Memory;
        book.Add(new Figure("an idle connection", (after - before) / 1024.0 / count, "KB", Budget: 64, Note: "identified; resident memory of the process divided by its connections"));
        book.Add(new Figure($"a process with {count:#,0} idle connections", after / 1e6, "MB", Budget: 1000));
    }
}
