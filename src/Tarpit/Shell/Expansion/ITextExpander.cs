namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>Expands one word without splitting and file names.</summary>
internal interface ITextExpander
{
    /// <summary>The word of an assignment, a redirection or a case.</summary>
    ValueTask<string> TextAsync(string word, CancellationToken cancellation);

    /// <summary>A pattern: what was quoted in it is not special.</summary>
    ValueTask<string> PatternAsync(string word, CancellationToken cancellation);
}
