using System.Globalization;
using System.Net.Sockets;
using Blackwall.Kernel.Confinement;
using Blackwall.Tarpit.Runtime;

namespace Blackwall.Bridges.Tarpit;

/// <summary>The verb "tarpit": the process that the appliance starts. A person has no use for it.</summary>
internal static class TarpitVerb
{
    public const string Name = "tarpit";

    private const int ChannelDescriptor = 3;
    private const int Unsealed = 70;

    /// <summary>Below are the system's own users, root among them.</summary>
    private const int LeastUserId = 1000;

    /// <summary>Arguments for a number of listeners and these options.</summary>
    public static IReadOnlyList<string> Arguments(TarpitOptions options, int listeners) =>
    [
        Name, Text(listeners), Text(options.UserId), Text(options.StateMegabytes), Text(options.MemoryMegabytes),
    ];

    /// <summary>The verb "tarpit-launcher": what systemd starts for an appliance that is no root.</summary>
    public static int Launch() => ConfinedLauncher.Serve(
        connected: 0,
        (arguments, descriptors) => arguments is [Name, .. string[] rest] && rest.Length == 4 && TryParse(rest, out int[] numbers)
            && numbers[0] + 1 == descriptors && numbers[1] >= LeastUserId && numbers[2] > 0 && numbers[3] > 0,
        arguments =>
        {
            (string path, IReadOnlyList<string> before) = ConfinedStart.Again(typeof(TarpitVerb).Assembly.Location);
            return (path, [.. before, .. arguments], ConfinedStart.Environments(long.Parse(arguments[4], CultureInfo.InvariantCulture) << 20));
        });

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Length != 4 || !TryParse(arguments, out int[] numbers))
        {
            await Console.Error.WriteLineAsync("The appliance starts this by itself when tarpit.enabled is set; see docs/TARPIT.md.");
            return Startup.BadUsage;
        }

        const int megabyte = 20;
        if (!ConfinedStart.IsEntered)
        {
            try
            {
                ConfinedStart.Enter(typeof(TarpitVerb).Assembly.Location, [Name, .. arguments], numbers[0] + 1, (uint)numbers[1], (long)numbers[2] << megabyte, (long)numbers[3] << megabyte);
            }
            catch (IOException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return Unsealed;
            }
        }

        // IPv6 is asked for once, by making a socket; behind the seal that is not allowed any more.
        _ = Socket.OSSupportsIPv6;
        _ = Socket.OSSupportsIPv4;
        using Socket channel = Inherited(ChannelDescriptor);
        Socket[] listeners = [.. Enumerable.Range(ChannelDescriptor + 1, numbers[0]).Select(Inherited)];
        return await TarpitProcess.RunAsync(channel, listeners, Seal, TimeProvider.System);
    }

    private static void Seal()
    {
        if (ConfinedStart.Seal() is { } failure)
        {
            // Nobody hears it any more; the host sees the code.
            Environment.FailFast($"The tarpit cannot be sealed: {failure}");
        }
    }

    private static Socket Inherited(int descriptor) => new(new SafeSocketHandle(descriptor, ownsHandle: true));

    private static bool TryParse(string[] arguments, out int[] numbers)
    {
        numbers = new int[arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            if (!int.TryParse(arguments[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return false;
            }
        }

        return numbers[0] is >= 0 and <= 64;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
