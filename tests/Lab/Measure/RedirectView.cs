namespace Blackwall.Lab.Measure;

/// <summary>What a client of a redirected flow saw, from its own end.</summary>
/// <param name="Greeting">The first thing it read; "no answer" when there was none.</param>
/// <param name="EchoIntact">Bytes both ways arrived complete and in order.</param>
/// <param name="SourcePort">Its own port.</param>
public sealed record RedirectView(string Greeting, bool EchoIntact, int SourcePort)
{
    public const string NoAnswer = "no answer";
}
