using System.Net;

namespace Blackwall.Tarpit.Sessions;

/// <summary>Who is let into the machine's shell, and the machine that he finds. Thread-safe.</summary>
internal interface IShellLogins
{
    ValueTask<bool> AcceptsAsync(IPAddress source, string user, string password, CancellationToken cancellation);

    /// <param name="key">A public key as it travels.</param>
    ValueTask<bool> AcceptsKeyAsync(IPAddress source, string user, ReadOnlyMemory<byte> key, CancellationToken cancellation);

    /// <summary>Begins a visit.</summary>
    /// <param name="key">What let him in; null: a password.</param>
    ValueTask<IHost> LogInAsync(IPEndPoint remote, IPEndPoint local, string user, ReadOnlyMemory<byte>? key, CancellationToken cancellation);
}
