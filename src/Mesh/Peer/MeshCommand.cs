using System.Text;

namespace Blackwall.Mesh.Peer;

/// <summary>The verb "mesh": what it offers beside the appliance.</summary>
public static class MeshCommand
{
    /// <summary>Exit code of a command line that was not understood.</summary>
    public const int BadUsage = 2;

    /// <summary>Runs until it is told to stop; returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments, Stream output, TextWriter errors)
    {
        if (arguments is ["peer", .. string[] rest])
        {
            if (rest.Any(argument => argument is "-h" or "--help"))
            {
                await output.WriteAsync(Encoding.UTF8.GetBytes(PeerOptions.Help));
                return 0;
            }

            if (PeerOptions.TryParse(rest, out string? misunderstood) is { } options)
            {
                return await PeerProcess.RunAsync(options, output, errors);
            }

            await errors.WriteLineAsync($"blackwall mesh peer: {misunderstood}");
            await errors.WriteLineAsync("Try 'blackwall mesh peer --help'.");
            return BadUsage;
        }

        if (arguments is ["-h" or "--help", ..])
        {
            await output.WriteAsync(Encoding.UTF8.GetBytes(PeerOptions.Help));
            return 0;
        }

        if (arguments is [var word, ..])
        {
            await errors.WriteLineAsync($"blackwall mesh: '{word}' is no command; the one there is, is 'peer'.");
        }

        await errors.WriteAsync(PeerOptions.Help);
        return BadUsage;
    }
}
