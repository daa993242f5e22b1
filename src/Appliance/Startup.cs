using Blackwall.Kernel;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall;

/// <summary>How a start ends that cannot be: sentences on standard error, and a code for the supervisor.</summary>
internal static class Startup
{
    public const int BadUsage = 64;
    public const int BadConfig = 78;
    public const int NoState = 73;
    public const int NoWall = 71;

    public static int Refuse(int code, IEnumerable<string> sentences)
    {
        foreach (string sentence in sentences)
        {
            Console.Error.WriteLine(sentence);
        }

        return code;
    }

    public static string StateFolder(IServiceProvider services) => services.GetRequiredService<IOptions<StorageOptions>>().Value.StateFolder;

    /// <summary>Whether a corrupt database was put aside at this start.</summary>
    public static bool StoreWasLost(IServiceProvider services) => services.GetRequiredService<Database>().SetAside is not null;

    /// <summary>Whether a redirect has somewhere to go.</summary>
    public static bool HasTarpit(IServiceProvider services) =>
        services.GetRequiredService<IOptions<KernelOptions>>().Value is { TarpitAddress4: not null } or { TarpitAddress6: not null };

    /// <summary>The host must not read our options as its own configuration; only a test host's settings go through.</summary>
    public static string[] HostArguments(string[] arguments) =>
        [.. arguments.Where(a => Config.CommandLine.IsHostOption(a))];
}
