using System.Runtime.CompilerServices;
using Blackwall.Tarpit.Improvisation;

namespace Blackwall.Tarpit.Tests.Improvisation;

/// <summary>A model that says what a test tells it to say; each piece is one that its server sends.</summary>
internal sealed class ScriptedModel(Func<ImprovisationQuestion, IEnumerable<string>> answer) : IImprovisationSource
{
    private int _asked;

    public int Asked => _asked;

    /// <summary>Completes before a piece is sent; null: at once.</summary>
    public Func<int, CancellationToken, Task>? Before { get; init; }

    /// <summary>Whether it breaks off after the last piece.</summary>
    public bool BreaksOff { get; init; }

    public async IAsyncEnumerable<string> AskAsync(ImprovisationQuestion question, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Interlocked.Increment(ref _asked);
        int at = 0;
        foreach (string piece in answer(question))
        {
            if (Before is { } before)
            {
                await before(at++, cancellation);
            }

            yield return piece;
        }

        if (BreaksOff)
        {
            throw new IOException("gone");
        }
    }
}
