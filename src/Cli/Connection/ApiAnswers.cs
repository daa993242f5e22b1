using Blackwall.Client;

namespace Blackwall.Cli.Connection;

/// <summary>Answers that there must be; a failure becomes a sentence and an exit code.</summary>
internal static class ApiAnswers
{
    /// <exception cref="CliException">There is none.</exception>
    public static async Task<Answer<T>> Must<T>(this Task<Answer<T>> asked)
        where T : class
    {
        Answer<T> answer = await asked;
        return answer.Failure is { } failure ? throw Failed(failure) : answer;
    }

    /// <summary>What a failure is for the one who typed the command.</summary>
    public static CliException Failed(Failure failure) => failure.Kind switch
    {
        FailureKind.Unreachable => new CliException(CliExit.Unreachable, $"{failure.Sentence} Is it running, and is --api right?"),
        FailureKind.Certificate => new CliException(CliExit.Unreachable, $"{failure.Sentence} Name its authority with --ca-file."),
        FailureKind.NoKey or FailureKind.Forbidden or FailureKind.TooMany => new CliException(CliExit.NoKey, failure.Sentence),
        _ => new CliException(CliExit.Refused, failure.Sentence),
    };
}
