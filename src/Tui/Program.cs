using System.Security.Cryptography.X509Certificates;
using Blackwall.Client;
using Blackwall.Tui.Shell;

namespace Blackwall.Tui;

/// <summary>"blackwall tui": the console of an appliance, over its API.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        if (arguments is ["help" or "--help" or "-h", ..])
        {
            Console.Out.WriteLine(TuiLine.Usage);
            return TuiExit.Done;
        }

        TuiLine? line = TuiLine.TryParse(arguments, Environment.GetEnvironmentVariable, out string? misunderstood);
        if (line is null)
        {
            Console.Error.WriteLine(PlainText.Clean(misunderstood!));
            Console.Error.WriteLine("blackwall tui --help tells what there is.");
            return TuiExit.BadUsage;
        }

        string? key = line.ReadKey(out string? unreadable);
        if (key is null)
        {
            Console.Error.WriteLine(PlainText.Clean(unreadable!));
            return TuiExit.NoKey;
        }

        if (Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            Console.Error.WriteLine("The console needs a terminal; 'blackwall' with a verb is for scripts.");
            return TuiExit.BadUsage;
        }

        if (line.Api.Scheme is "http" && ListenerOwner.IsAnother(line.Api.Port))
        {
            Console.Error.WriteLine($"At {line.Api.Authority} listens another user than root or you; it is not sent the key.");
            return TuiExit.NoKey;
        }

        X509Certificate2Collection? authorities = TrustedAuthorities.Read(line.CaFile, out string? untrusted);
        if (untrusted is not null)
        {
            Console.Error.WriteLine(PlainText.Clean(untrusted));
            return TuiExit.BadUsage;
        }

        ConsoleApp.Run(line, key, authorities);
        return TuiExit.Done;
    }
}
