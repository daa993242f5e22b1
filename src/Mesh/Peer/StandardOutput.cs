using Microsoft.Win32.SafeHandles;

namespace Blackwall.Mesh.Peer;

/// <summary>Standard output as a stream that fails when nobody can read it any more; the console's own keeps silent about a broken pipe.</summary>
public static class StandardOutput
{
    private const int Descriptor = 1;

    public static Stream Open()
    {
        Stream console = Console.OpenStandardOutput();
        if (!Console.IsOutputRedirected)
        {
            return console;
        }

        try
        {
            // Buffers nothing and does not own the descriptor. A file has a place of its own to write at and stays the console's.
            var output = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            return output.CanSeek ? console : output;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // It is closed: the first line will tell.
            return console;
        }
    }
}
