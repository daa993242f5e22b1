using System.Globalization;
using Blackwall.Benchmarks.Report;
using Blackwall.Tests.Mesh.Simulation;

namespace Blackwall.Benchmarks.Mesh;

/// <summary>The votes of many reporters by the real engine, seeded: what crowds of liars achieve, and what it costs those who tell the truth.</summary>
internal sealed class TrustFigures : IFigureGroup
{
    private const int Seed = 11;

    public string Name => "trust";

    public string Title => "Votes among liars: the real engine, seeded";

    public Task MeasureAsync(BenchOptions options, FigureBook book)
    {
        int peers = options.Quick ? 1_000 : 10_000;
        int trials = options.Quick ? 50 : 500;
        foreach (TrustAttack attack in Enum.GetValues<TrustAttack>())
        {
            foreach (double share in (double[])[0.1, 0.2, 0.4])
            {
                foreach (double serving in attack is TrustAttack.Turncoats ? (double[])[0, 0.02, 0.05] : [0])
                {
                    double hurt = TrustScene.Innocent(Seed, 1_000, share, attack, serving, attack is TrustAttack.Turncoats ? Math.Min(trials, 40) : trials);
                    string who = string.Create(CultureInfo.InvariantCulture, $"{attack}, {share:P0} of 1,000, {serving:P0} of honest sensors serve the address");
                    book.Add(new Figure($"{who}: limited or worse", hurt * 100, "%", Budget: attack is TrustAttack.Turncoats ? null : 0.01));
                }
            }
        }

        foreach (TrustAttack attack in (TrustAttack[])[TrustAttack.YoungBotnet, TrustAttack.Colluders])
        {
            book.Add(new Figure($"{attack}, 40 % of {peers:N0}: limited or worse", TrustScene.Innocent(Seed, peers, 0.4, attack, serving: 0, Math.Min(trials, 20)) * 100, "%", Budget: 0.01));
        }

        int[] needed = TrustScene.Sightings(Seed, 1_000, options.Quick ? 200 : 1_000);
        book.Add(new Figure("a real attacker: independent sightings until strangers act, median", needed[needed.Length / 2], "", Budget: 7));
        book.Add(new Figure("the same, 95 %", needed[needed.Length * 95 / 100], "", Budget: 12));
        book.Add(new Figure("turncoats, 10 %: lies until they are one group", TrustScene.LiesUntilFound(Seed, 1_000, 0.1), "", Budget: 20));
        book.Add(new Figure("protected targets acted on in 1,000,000 votes", TrustScene.Protected(Seed, 1_000_000), "", Budget: 0));
        foreach (double silent in (double[])[0, 0.4])
        {
            TrustSpreadResult spread = TrustSpreadScene.Run(Seed, options.Quick ? 500 : 1_000, silent);
            string who = string.Create(CultureInfo.InvariantCulture, $"1,000 peers, {silent:P0} silent");
            book.Add(new Figure($"{who}: the last acts after the 7th sighting", Math.Max(0, spread.ActsAfterSeventh) / 1000.0, "s", Budget: 30));
            book.Add(new Figure($"{who}: the last undoes it after the refutations", spread.UndoneAfter / 1000.0, "s", Budget: 5));
        }

        return Task.CompletedTask;
    }
}
