namespace Blackwall.Tarpit.Improvisation;

/// <summary>Asks a model, by way of the host.</summary>
internal interface IImprovisationSource
{
    /// <summary>The pieces of an answer as they come. Everything in them is hostile. Ends with <see cref="OperationCanceledException"/> or <see cref="IOException"/> when there is no answer or no more of it.</summary>
    IAsyncEnumerable<string> AskAsync(ImprovisationQuestion question, CancellationToken cancellation);
}
