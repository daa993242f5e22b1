namespace Blackwall.Siem.Sinks;

/// <summary>What can go wrong with a sink or the way to it, and how it is told.</summary>
internal static class SinkFailure
{
    /// <summary>Whatever goes wrong with one sink is told, and ends nothing: a sink that nobody looks after any more would lose events in silence.</summary>
    public static bool IsOfTheSink(Exception failure) => failure is not (OutOfMemoryException or StackOverflowException);

    public static string Sentence(Exception failure) => Transport.SinkAnswer.Short(failure is OperationCanceledException ? "The sink did not answer in time." : failure.InnerException is { } inner ? $"{failure.Message} {inner.Message}" : failure.Message);
}
