using Blackwall.Client;

namespace Blackwall.Ctl;

/// <summary>The API's client, with the key and the place that the command line names; whatever fails is a <see cref="CtlException"/>.</summary>
internal static class CtlClient
{
    private const int LongestKey = 256;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>By the local socket unless an address or a key is named: whoever listens at a port could be anybody, and would be told the key.</summary>
    /// <exception cref="CtlException">Nobody answers at the socket, or another user listens at the address.</exception>
    public static ApplianceClient Open(CtlLine line)
    {
        if (line.Socket is { } socket)
        {
            return ClientConnection.Answers(socket)
                ? new ApplianceClient(ClientConnection.BySocket(socket) with { Patience = Patience }, TimeProvider.System)
                : throw new CtlException(CtlExit.Unreachable, $"No appliance answers at {socket}. Is it running, and are you root? Its socket is api.sock in its state folder (--socket); elsewhere use --api URL and --key-file FILE.");
        }

        if (line.Api.Scheme is "http" && ListenerOwner.IsAnother(line.Api.Port))
        {
            throw new CtlException(CtlExit.Unreachable, $"At {line.Api.Authority} listens another user than root or you; it is not sent the key.");
        }

        return new ApplianceClient(ClientConnection.ByAddress(line.Api, ReadKey(line.KeyFile)) with { Patience = Patience }, TimeProvider.System);
    }

    /// <summary>The answer, which there must be.</summary>
    /// <exception cref="CtlException">There is none.</exception>
    public static async Task<Answer<T>> Must<T>(this Task<Answer<T>> asked)
        where T : class
    {
        Answer<T> answer = await asked;
        return answer.Failure is { } failure ? throw Failed(failure) : answer;
    }

    /// <summary>What a failure is for the one who typed the command.</summary>
    public static CtlException Failed(Failure failure) => failure.Kind switch
    {
        FailureKind.Unreachable or FailureKind.Certificate => new CtlException(CtlExit.Unreachable, $"{failure.Sentence} Is it running, and is --api right?"),
        FailureKind.NoKey or FailureKind.Forbidden or FailureKind.TooMany => new CtlException(CtlExit.NoKey, failure.Sentence),
        _ => new CtlException(CtlExit.Refused, failure.Sentence),
    };

    private static string ReadKey(string file)
    {
        string key;
        try
        {
            key = File.ReadAllText(file).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CtlException(CtlExit.NoKey, $"The key cannot be read ({failure.Message.TrimEnd('.')}); be root, or name another file with --key-file.");
        }

        return key.Length is > 0 and <= LongestKey && key.All(c => c is > ' ' and < '\x7f')
            ? key
            : throw new CtlException(CtlExit.NoKey, $"{file} holds no key.");
    }
}
