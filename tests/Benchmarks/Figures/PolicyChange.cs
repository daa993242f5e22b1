using System.Diagnostics;
using Blackwall.Benchmarks.Machine;
using Blackwall.Benchmarks.Programs;
using Blackwall.Benchmarks.Report;
using Blackwall.Client;
using Blackwall.Client.Changes;
using Blackwall.Client.Decisions;
using Blackwall.Lab.Network;

namespace Blackwall.Benchmarks.Figures;

/// <summary>A change of many rules, from the request to its enforcement.</summary>
internal sealed class PolicyChange : IFigures
{
    private const int Rules = 100_000;

    public string Name => "change";

    public string Title => "A change of 100k rules (real appliance, by API)";

    public async Task MeasureAsync(BenchOptions options, RunFolder run, FigureBook book)
    {
        await using BenchNetwork network = await BenchNetwork.CreateAsync(run, "c");
        await using BenchAppliance appliance = await BenchAppliance.StartAsync(network, run, "change");
        string[] scopes = [.. SamplePolicy.Hosts(Rules).Select(scope => $"{scope}")];
        List<double> made = [], confirmed = [], removed = [];
        for (int round = 0; round <= options.Rounds(6); round++)
        {
            ChangeDraft make = new([.. scopes.Select(scope => new RuleDraft(scope, "drop"))]);
            ChangeDraft remove = new(Remove: scopes);
            (double apply, double confirm) = await ChangeAsync(appliance, make);
            (double takeAway, _) = await ChangeAsync(appliance, remove);
            if (round > 0)
            {
                made.Add(apply);
                confirmed.Add(confirm);
                removed.Add(takeAway);
            }
        }

        book.Add(new("100k rules proposed, then applied: to enforcement", made.Median(), "ms", Budget: 300, Note: "from the request to apply to its answer, which comes when the kernel acts on it"));
        book.Add(new("the same, confirmed and on the disk", confirmed.Median(), "ms"));
        book.Add(new("100k rules removed: to enforcement", removed.Median(), "ms"));
    }

    private static async Task<(double Apply, double Confirm)> ChangeAsync(BenchAppliance appliance, ChangeDraft change)
    {
        Answer<Change> proposed = await appliance.Api.ProposeAsync(change, CancellationToken.None);
        long id = proposed.Value?.Id ?? throw new InvalidOperationException($"The change was refused: {proposed.Failure?.Sentence}");

        long started = Stopwatch.GetTimestamp();
        await appliance.Api.ApplyAsync(id, 60, CancellationToken.None);
        double apply = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        started = Stopwatch.GetTimestamp();
        await appliance.Api.ConfirmAsync(id, CancellationToken.None);
        return (apply, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }
}
