using Blackwall.Benchmarks.Programs;
using Blackwall.Benchmarks.Report;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Benchmarks.Figures;

/// <summary>What the board itself costs: to ask, to publish, and to bring a large owner to a new state.</summary>
internal static class BoardCost
{
    private const int Claims = 200_000;
    private const int Asked = 200_000;
    private const int Published = 20_000;

    public static IReadOnlyList<Figure> Measure(BenchOptions options)
    {
        List<double> reconciled = [], asked = [], published = [];
        List<Prefix> hosts = SamplePolicy.Hosts(Claims + (Claims / 100));
        ClaimOwner feed = new(Origin.Operator, "bench");
        Claim[][] states = [[.. hosts[..Claims].Select(Of)], [.. hosts[(Claims / 100)..].Select(Of)]];
        for (int round = 0; round < options.Rounds(5); round++)
        {
            using VerdictBoard board = new(new BoardOptions(), TimeProvider.System, []);
            if (board.Reconcile(feed, states[0]) is not { Added: Claims })
            {
                throw new InvalidOperationException("The sample holds claims that the board refuses.");
            }

            board.Wall.Discard();
            TimeSpan before = Environment.CpuUsage.TotalTime;
            ReconcileResult result = board.Reconcile(feed, states[1]);
            reconciled.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
            if ((result.Added, result.Removed, result.Kept) != (Claims / 100, Claims / 100, Claims - (Claims / 100)))
            {
                throw new InvalidOperationException($"Reconciled otherwise than asked: {result}");
            }

            asked.Add(Ask(board, hosts));
            published.Add(Publish(board));
        }

        return
        [
            new("200k claims of an owner, 1 % of them changed: reconciled", reconciled.Median(), "ms CPU", Budget: 100, Note: "compared and changed on the board, 256 claims under its lock at a time; wall and store follow by themselves"),
            new("who decides about an address, 200k claims", asked.Median(), "ns CPU"),
            new("a limit published, 200k claims", published.Median(), "ns CPU"),
        ];
    }

    private static double Ask(VerdictBoard board, List<Prefix> hosts)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < Asked; i++)
        {
            board.Effective(hosts[(i * 7919) % hosts.Count]);
        }

        return (Environment.CpuUsage.TotalTime - before).TotalNanoseconds / Asked;
    }

    private static double Publish(VerdictBoard board)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < Published; i++)
        {
            board.Publish(new DecisionRequest(Prefix.Host(Address.FromV4(0x09000000u + (uint)i)), Verdict.RateLimit, Origin.Local, "syn-flood", 0.5, TimeSpan.FromMinutes(10), [], null, "appliance"));
        }

        return (Environment.CpuUsage.TotalTime - before).TotalNanoseconds / Published;
    }

    private static Claim Of(Prefix scope) => new(scope, Verdict.Drop, "listed", 0.6);
}
