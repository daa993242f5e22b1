using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Blackwall.Storage;

namespace Blackwall.Siem.Sinks;

/// <summary>What can go wrong with a sink or the way to it, and how it is told.</summary>
internal static class SinkFailure
{
    public static bool IsOfTheSink(Exception failure) => failure
        is SinkException or HttpRequestException or IOException or SocketException or AuthenticationException or OperationCanceledException or StoreException or CryptographicException or UriFormatException or InvalidOperationException;

    public static string Sentence(Exception failure) => failure is OperationCanceledException ? "The sink did not answer in time." : failure.InnerException is { } inner ? $"{failure.Message} {inner.Message}" : failure.Message;
}
