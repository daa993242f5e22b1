using System.Text.Json.Nodes;
using Blackwall.Tests.Mesh.Interop;

namespace Blackwall.Benchmarks.Mesh;

/// <summary>What a peer's process has used.</summary>
/// <param name="Cpu">Processor time, user and system, in milliseconds.</param>
/// <param name="Memory">Resident, in bytes.</param>
internal sealed record Usage(double Cpu, long Memory)
{
    public static async Task<Usage> OfAsync(JsPeer peer)
    {
        JsonObject told = await peer.AskAsync("usage");
        return new Usage((told["cpu"]!["user"]!.GetValue<double>() + told["cpu"]!["system"]!.GetValue<double>()) / 1000, told["rss"]!.GetValue<long>());
    }

    /// <summary>Processor time of several peers together, in milliseconds.</summary>
    public static async Task<double> CpuOfAsync(params JsPeer[] peers)
    {
        double sum = 0;
        foreach (JsPeer peer in peers)
        {
            sum += (await OfAsync(peer)).Cpu;
        }

        return sum;
    }
}
