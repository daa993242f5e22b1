using System.Net;
using System.Security.Cryptography.X509Certificates;
using Blackwall.Client;

namespace Blackwall.Cli.Connection;

/// <summary>Which appliance is meant, and by what right.</summary>
/// <param name="Socket">Local socket; null: the API is named by address or key.</param>
/// <param name="Api">Where the control plane is.</param>
/// <param name="Key">The key itself; null: it is in the file.</param>
/// <param name="KeyFile">File with the key.</param>
/// <param name="CaFile">Certificates of the authorities to trust; null: the system's.</param>
internal sealed record ConnectionChoice(string? Socket, Uri Api, string? Key, string KeyFile, string? CaFile)
{
    public const string DefaultApi = "http://127.0.0.1:9470";
    public const string DefaultSocket = "/var/lib/blackwall/api.sock";

    /// <summary>Where the service listens for members of its group too; there while it runs.</summary>
    public const string ServiceSocket = "/run/blackwall/api.sock";
    public const string DefaultKeyFile = "/var/lib/blackwall/admin.key";

    private const int LongestKey = 256;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Options win over the environment, and both over the local socket: whoever names an address or a key means that one.</summary>
    /// <exception cref="CliException">The place is none, or would be told the key in clear.</exception>
    public static ConnectionChoice From(string? socket, string? api, string? keyFile, string? caFile, Func<string, string?> environment)
    {
        string? Named(string name) => environment(name) is { Length: > 0 } value ? value.Trim() : null;
        string? placed = api ?? Named("BLACKWALL_API");
        string? key = keyFile is null ? Named("BLACKWALL_KEY") : null;
        string what = api is null && placed is not null ? "BLACKWALL_API" : "--api";
        Uri place = Place(what, placed ?? DefaultApi);
        string? local = socket ?? (placed is null && keyFile is null && key is null ? (File.Exists(ServiceSocket) ? ServiceSocket : DefaultSocket) : null);
        return new ConnectionChoice(local, place, key, keyFile ?? DefaultKeyFile, caFile ?? Named("BLACKWALL_CA_FILE"));
    }

    /// <summary>By the local socket unless an address or a key is named: whoever listens at a port could be anybody, and would be told the key.</summary>
    /// <exception cref="CliException">Nobody answers at the socket, another user listens at the address, or a file cannot be read.</exception>
    public ApplianceClient Open()
    {
        if (Socket is { } socket)
        {
            return ClientConnection.Answers(socket)
                ? new ApplianceClient(ClientConnection.BySocket(socket) with { Patience = Patience }, TimeProvider.System)
                : throw new CliException(CliExit.Unreachable, $"No appliance answers at {socket}. Is it running, and are you root? Its socket is api.sock in its state folder (--socket); elsewhere use --api URL and --key-file FILE.");
        }

        if (Api.Scheme is "http" && ListenerOwner.IsAnother(Api.Port))
        {
            throw new CliException(CliExit.Unreachable, $"At {Api.Authority} listens another user than root or you; it is not sent the key.");
        }

        return new ApplianceClient(ClientConnection.ByAddress(Api, ReadKey()) with { Patience = Patience, Authorities = ReadAuthorities() }, TimeProvider.System);
    }

    private static Uri Place(string what, string place)
    {
        if (!Uri.TryCreate(place, UriKind.Absolute, out Uri? api) || api.Scheme is not ("http" or "https") || api.PathAndQuery is not "/" || api.UserInfo.Length > 0)
        {
            throw new CliException(CliExit.BadUsage, $"{what} {place}: write http://ADDRESS:PORT or https://ADDRESS:PORT.");
        }

        bool loopback = api.Host is "localhost" || (IPAddress.TryParse(api.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
        return api.Scheme is "http" && !loopback
            ? throw new CliException(CliExit.BadUsage, $"{what} {place} would send the key in clear over a network; use https://.")
            : api;
    }

    private string ReadKey()
    {
        string key;
        try
        {
            key = Key ?? File.ReadAllText(KeyFile).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException(CliExit.NoKey, $"The key cannot be read ({failure.Message.TrimEnd('.')}); be root, or name another file with --key-file.");
        }

        return key.Length is > 0 and <= LongestKey && key.All(c => c is > ' ' and < '\x7f')
            ? key
            : throw new CliException(CliExit.NoKey, $"{(Key is null ? KeyFile : "BLACKWALL_KEY")} holds no key.");
    }

    private X509Certificate2Collection? ReadAuthorities()
    {
        X509Certificate2Collection? found = TrustedAuthorities.Read(CaFile, out string? error);
        return error is null ? found : throw new CliException(CliExit.BadFile, error);
    }
}
