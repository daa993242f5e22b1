using Blackwall.Benchmarks.Machine;
using Blackwall.Benchmarks.Programs;
using Blackwall.Benchmarks.Report;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Lab.Network;

namespace Blackwall.Benchmarks.Figures;

/// <summary>Whether a flood of short flows can push verified flows out of the tables.</summary>
internal sealed class FlowSurvival : IFigures
{
    private const int Flows = 1_000, TableSize = 16_384, Times = 100, PacketsAFlow = 2, Chunk = 65_536, Pass = 2;

    public string Name => "flows";

    public string Title => "Established flows under a flood of two-packet flows";

    public Task MeasureAsync(BenchOptions options, RunFolder run, FigureBook book)
    {
        WallSettings settings = new()
        {
            Interface = "none",
            Mode = EnforcementMode.Enforce,
            Limits = LoadedWall.Unmet,
            ChallengePerSecond = 0,
            TableSizes = new Dictionary<string, uint>(StringComparer.Ordinal) { ["CONN_TRACK"] = TableSize, ["HALF_OPEN"] = TableSize, ["PROVEN"] = TableSize, ["RATE_LIMIT"] = TableSize },
        };
        double alive = PinnedThread.Run(PinnedThread.First, () =>
        {
            using LoadedWall wall = LoadedWall.Create([], settings);
            using BenchPrograms bench = BenchPrograms.Load(wall.Programs);
            for (int i = 0; i < Flows; i++)
            {
                wall.Shake(Client(i), 40_000, 443);
            }

            byte[] frame = Frame.From(Client(0), LoadedWall.Server).TcpSegment(1, 443, Frame.Syn).Build();
            bench.Next(wall.Programs.Ingress);
            bench.Plan(frame, SourceKind.Flows);
            for (int sent = 0; sent < TableSize * Times * PacketsAFlow; sent += Chunk)
            {
                TestRunResult result = BpfProgram.Run(bench.Rotate, frame, [], Chunk);
                if (result.Code != Pass)
                {
                    throw new InvalidOperationException($"The flood was answered with {result.Code}: it does not reach the tables.");
                }
            }

            return wall.Programs.Verified.ReadAll().Count(f => f.Value.State == FlowState.Established && f.Key.Remote.ToAddress().V4 >> 16 == 0xc612);
        });
        book.Add(new("alive of 1,000 after 100x the table size", alive * 100 / Flows, "%", Budget: 99.9, AtLeast: true, Note: "tables of 16,384; SYN and ACK of 1.6M random sources by test-run; limits and challenges out of the way, so that everything reaches the tables"));
        return Task.CompletedTask;
    }

    private static string Client(int number) => SamplePolicy.Text(0xc6120000u + (uint)number + 256);
}
