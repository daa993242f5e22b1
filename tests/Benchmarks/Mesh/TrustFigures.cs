using System.Diagnostics;
using System.Globalization;
using Blackwall.Benchmarks.Report;
using Blackwall.Tests.Mesh.Simulation;

namespace Blackwall.Benchmarks.Mesh;

/// <summary>The votes of many reporters by the real engine, seeded: what crowds of liars achieve, and what it costs those who tell the truth.</summary>
internal sealed class TrustFigures : IFigureGroup
{
    private const int Seed = 11;
    private const int Small = 1_000;
    private const int Large = 10_000;

    public string Name => "trust";

    public string Title => "Votes among liars: the real engine, seeded";

    public Task MeasureAsync(BenchOptions options, FigureBook book)
    {
        Stopwatch took = Stopwatch.StartNew();
        foreach (int peers in options.Quick ? (int[])[Small] : [Small, Large])
        {
            Liars(book, peers, trials: options.Quick ? 20 : peers == Small ? 500 : 50);
            Turncoats(book, peers, trials: options.Quick ? 10 : peers == Small ? 200 : 20);
            Floods(book, peers);
            Truth(book, peers, trials: options.Quick ? 200 : 1_000);
            Spread(book, options.Quick ? 500 : peers);
        }

        book.Add(new Figure("protected targets acted on in 1,000,000 votes", TrustScene.Protected(Seed, 1_000_000), "", Budget: 0));
        book.Add(new Figure("all of this took", took.Elapsed.TotalSeconds, "s"));
        using Process self = Process.GetCurrentProcess();
        book.Add(new Figure("and held at most", self.PeakWorkingSet64 / 1e6, "MB"));
        return Task.CompletedTask;
    }

    private static void Liars(FigureBook book, int peers, int trials)
    {
        foreach (TrustAttack attack in Enum.GetValues<TrustAttack>().Where(attack => attack is not TrustAttack.Turncoats))
        {
            foreach (double share in (double[])[0.1, 0.2, 0.4])
            {
                book.Add(new Figure(Text($"{attack}, {share:P0} of {peers:N0}: limited or worse"), TrustScene.Innocent(Seed, peers, share, attack, serving: 0, trials) * 100, "%", Budget: 0.01));
            }
        }
    }

    private static void Turncoats(FigureBook book, int peers, int trials)
    {
        foreach (double share in (double[])[0.01, 0.1, 0.2, 0.4])
        {
            foreach (double serving in (double[])[0, 0.005, 0.01, 0.02, 0.05])
            {
                double hurt = TrustScene.Innocent(Seed, peers, share, TrustAttack.Turncoats, serving, serving == 0 ? 5 : trials);
                book.Add(new Figure(Text($"Turncoats, {share:P0} of {peers:N0}, {serving:P1} of the honest serve it: limited"), hurt * 100, "%", Budget: serving >= 0.02 && share <= 0.1 ? 1 : null));
            }
        }

        book.Add(new Figure(Text($"Turncoats, 10 % of {peers:N0}, all at once, nobody serves it: minutes limited"), TrustScene.LimitedMinutes(Seed, peers, 0.1, parts: 1), "min", Budget: 11));
        book.Add(new Figure("the same, in three parts ten minutes apart", TrustScene.LimitedMinutes(Seed, peers, 0.1, parts: 3), "min"));
        book.Add(new Figure(Text($"Turncoats, 10 % of {peers:N0}: lies that nobody contradicts until they are one group"), TrustScene.LiesUntilFound(Seed, peers, 0.1), "", Budget: 20));
    }

    private static void Floods(FigureBook book, int peers)
    {
        foreach ((string name, int messages) in ((string, int)[])[("flash flood", 500), ("spammers", 1_600)])
        {
            // A table that is as much smaller as there are fewer peers.
            TrustFloodResult flood = TrustFloodScene.Run(Seed, peers, 0.4, messages, 65_536 * peers / Large);
            string who = Text($"{name}, 40 % of {peers:N0}, {messages:N0} accusations each in a minute");
            book.Add(new Figure($"{who}: accused addresses that are limited", flood.Limited, "", Budget: 0, Note: Text($"{flood.Taken:N0} accusations within the quotas, {flood.Targets:N0} targets kept")));
            book.Add(new Figure($"{who}: real attackers acted on", 100.0 * flood.Found / flood.Real, "%", Budget: 95, AtLeast: true));
            book.Add(new Figure($"{who}: attackers silenced", flood.Silenced, ""));
            book.Add(new Figure($"{who}: honest reporters silenced", flood.HonestSilenced, "", Budget: 0));
        }
    }

    private static void Truth(FigureBook book, int peers, int trials)
    {
        int[] needed = TrustScene.Sightings(Seed, peers, trials);
        book.Add(new Figure(Text($"a real attacker among {peers:N0}: independent sightings until strangers act, median"), needed[needed.Length / 2], "", Budget: 7));
        book.Add(new Figure("the same, 95 %", needed[needed.Length * 95 / 100], "", Budget: 12));
        foreach (int sleepers in (int[])[1, 2, 4, 10])
        {
            foreach (double seeing in (double[])[0.02, 0.1, 0.5])
            {
                book.Add(new Figure(Text($"{sleepers} sleepers of {peers:N0} vouch for a real attacker that {seeing:P0} see: spared"), TrustScene.Shielded(Seed, peers, sleepers, seeing, Math.Min(trials, 50)) * 100, "%"));
            }
        }
    }

    private static void Spread(FigureBook book, int peers)
    {
        foreach (double silent in (double[])[0, 0.4])
        {
            TrustSpreadResult spread = TrustSpreadScene.Run(Seed, peers, silent);
            string who = Text($"{peers:N0} routers, {silent:P0} silent");
            book.Add(new Figure($"{who}: the last acts after the 7th sighting", Math.Max(0, spread.ActsAfterSeventh) / 1000.0, "s", Budget: 30));
            book.Add(new Figure($"{who}: the last undoes it after the refutations", spread.UndoneAfter / 1000.0, "s", Budget: 5));
            book.Add(new Figure($"{who}: never acted, or act still", spread.NeverActed + spread.StillActing, "", Budget: 0));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
