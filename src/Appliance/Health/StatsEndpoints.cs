using Blackwall.Api;
using Blackwall.Api.Contracts;
using Blackwall.Kernel;
using Blackwall.Pipeline.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blackwall.Health;

/// <summary>/stats: everything that is counted, at one moment.</summary>
internal static class StatsEndpoints
{
    public static void MapStats(this IEndpointRouteBuilder api) =>
        api.MapGet("/stats", Read).WithName("readStats").Needs(HealthScopes.Read).WithTags("stats").Produces<StatsBody>();

    /// <summary>What the wall is and what it counted, and the counters of each part of the appliance.</summary>
    private static Ok<StatsBody> Read(IWall wall, IEnumerable<IStatsSource> sources, TimeProvider time)
    {
        IReadOnlyList<GateReading> gates = wall.ReadGates();
        WallCounters counters = gates.Skip(1).Aggregate(gates[0].Counters, (sum, gate) => sum.Plus(gate.Counters));
        return TypedResults.Ok(new StatsBody(
            time.GetUtcNow(),
            WallBody.From(wall.Status),
            Rows(counters),
            Losses(counters),
            sources.ToDictionary(source => source.Name, source => source.Read(), StringComparer.Ordinal),
            [.. gates.Select(gate => new GateBody(WallBody.From(gate.Status), Rows(gate.Counters), Losses(gate.Counters)))]));
    }

    private static IReadOnlyList<CounterBody> Rows(WallCounters counters) =>
        [.. counters.Reasons.Select(row => new CounterBody(Words.Kebab(row.Reason.ToString()), row.Packets, row.Bytes, row.WouldPackets, row.WouldBytes))];

    private static Dictionary<string, ulong> Losses(WallCounters counters) =>
        counters.Losses.ToDictionary(loss => Words.Kebab(loss.Kind.ToString()), loss => loss.Count, StringComparer.Ordinal);
}
