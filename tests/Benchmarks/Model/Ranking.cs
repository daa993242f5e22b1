namespace Blackwall.Benchmarks.Model;

/// <summary>How well a score puts attackers before others.</summary>
/// <param name="Area">Area below precision over recall.</param>
/// <param name="Recall">Share of attackers found while one other an hour is told of.</param>
/// <param name="False">Others that are told of at that threshold.</param>
internal sealed record Ranking(double Area, double Recall, int False)
{
    /// <param name="subjects">Everybody, with a score; 0: not told of at all.</param>
    /// <param name="hours">Of traffic.</param>
    public static Ranking Of(IEnumerable<(bool IsAttacker, double Score)> subjects, double hours)
    {
        (bool IsAttacker, double Score)[] ordered = [.. subjects.OrderByDescending(s => s.Score)];
        int attackers = ordered.Count(s => s.IsAttacker), found = 0, wrong = 0;
        double area = 0, recall = 0;
        int told = 0;

        // Those of one score are told of together.
        foreach (IGrouping<double, (bool IsAttacker, double Score)> tied in ordered.GroupBy(s => s.Score))
        {
            int right = tied.Count(s => s.IsAttacker);
            found += right;
            wrong += tied.Count() - right;
            area += (double)right / attackers * found / (found + wrong);
            if (wrong <= hours && tied.Key > 0)
            {
                (recall, told) = ((double)found / attackers, wrong);
            }
        }

        return new Ranking(area, recall, told);
    }
}
