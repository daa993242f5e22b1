using Blackwall.Api;
using Blackwall.Api.Keys;
using Blackwall.Config;
using Blackwall.Kernel;
using Blackwall.Service;
using Blackwall.Storage;

namespace Blackwall;

/// <summary>Reports a start that fails: one sentence an error on standard error, and an exit code for the supervisor.</summary>
internal static class Startup
{
    public const int BadUsage = 64;
    public const int BadConfig = 78;
    public const int NoState = 73;
    public const int NoWall = 71;
    public const int NoListener = 69;

    private static volatile bool _started;

    /// <summary>A start that fails is told in one sentence; the host would add its stack trace.</summary>
    public static void QuietUntilStarted(ILoggingBuilder logging) =>
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => _started && level >= LogLevel.Information);

    /// <summary>Runs until it is told to stop. When the start fails, a wall that stood before is left standing and one that this start began is removed.</summary>
    public static async Task<int> RunAsync(WebApplication app)
    {
        app.Lifetime.ApplicationStarted.Register(() => _started = true);
        try
        {
            await app.StartAsync();
        }
        catch (KernelException e)
        {
            return Refuse(NoWall, [e.Message]);
        }
        catch (NewerStateException e)
        {
            return Refuse(NoState, [e.Message]);
        }
        catch (KeyFileException e)
        {
            return Refuse(NoState, [e.Message]);
        }
        catch (IOException e)
        {
            // Kestrel binds last, when the wall is up already.
            app.Services.GetService<KernelService>()?.Abandon();
            return Refuse(NoListener, [$"The API cannot listen: {e.Message} Set api.listen to a free address, or stop what uses this one."]);
        }

        ApiLog.Listens(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ApiLog).FullName!), string.Join(", ", app.Urls));
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>Says why on standard error and, where systemd listens, in the status of the service.</summary>
    public static int Refuse(int code, IEnumerable<string> sentences)
    {
        string[] all = [.. sentences];
        using InitSystem? init = InitSystem.Find(Environment.GetEnvironmentVariables());
        init?.Status(string.Join(' ', all));
        return Refuse(Console.Error, code, all);
    }

    /// <summary>One line a sentence; returns the code.</summary>
    public static int Refuse(TextWriter errors, int code, IEnumerable<string> sentences)
    {
        foreach (string sentence in sentences)
        {
            errors.WriteLine(sentence);
        }

        return code;
    }

    /// <summary>The host must not read our options as its own configuration; only a test host's settings go through.</summary>
    public static string[] HostArguments(string[] arguments) =>
        [.. arguments.Where(a => CommandLine.IsHostOption(a))];
}
