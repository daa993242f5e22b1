using System.Globalization;
using Xunit;

namespace Blackwall.Tarpit.Tests.Improvisation;

/// <summary>How much of what intruders do needs a model: 200 sessions, of which each command line is one.</summary>
public sealed class ReplayTests
{
    private const int Sessions = 200;
    private const double MostWithModel = 0.05;

    private sealed record Session(int Times, string Name, IReadOnlyList<string> Lines);

    private static List<Session> Read()
    {
        List<Session> sessions = [];
        foreach (string part in File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Improvisation/Data/sessions.txt")).Split("\n== ")[1..])
        {
            string[] lines = part.Split('\n', StringSplitOptions.RemoveEmptyEntries), head = lines[0].Split(' ', 2);
            sessions.Add(new Session(int.Parse(head[0], CultureInfo.InvariantCulture), head[1], lines[1..]));
        }

        return sessions;
    }

    [Fact]
    public async Task At_most_one_line_of_twenty_needs_a_model()
    {
        List<Session> sessions = Read();
        Assert.Equal(Sessions, sessions.Sum(session => session.Times));
        ScriptedModel model = new(_ => []);
        VisitorShell shell = new(model);
        int lines = 0, asked = 0;
        List<string> those = [];
        byte visitor = 0;
        foreach (Session session in sessions)
        {
            visitor++;
            foreach (string line in session.Lines)
            {
                int before = model.Asked;
                await shell.RunAsync(line, visitor);
                lines += session.Times;
                if (model.Asked > before)
                {
                    asked += session.Times;
                    those.Add(line);
                }
            }
        }

        Assert.True(asked <= lines * MostWithModel, string.Create(CultureInfo.InvariantCulture, $"{asked} of {lines} lines need a model: {string.Join(" | ", those)}"));

        // The positive control: what nobody knows is asked for.
        int known = model.Asked;
        await shell.RunAsync(VisitorShell.Unknown, visitor);
        Assert.Equal(known + 1, model.Asked);
    }
}
