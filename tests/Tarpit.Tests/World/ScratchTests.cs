using Xunit;

namespace Blackwall.Tarpit.Tests.World;

public sealed class ScratchTests
{
    [Fact]
    public async Task Scratch()
    {
        VirtualHost host = new();
        foreach (string command in File.ReadAllLines("/tmp/scratch.txt"))
        {
            System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
            (string output, int status) = await host.TryAsync(command);
            File.AppendAllText("/tmp/scratch.out", $"### {command}  [{status}, {watch.ElapsedMilliseconds} ms]\n{(output.Length > 3000 ? output[..3000] + "..." : output)}\n");
        }
    }
}
