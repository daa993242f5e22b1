using Blackwall.Capture.Wire;

namespace Blackwall.Capture;

/// <summary>
/// One file being written. It holds whole blocks at any moment, and carries a temporary name until it is complete. Not thread-safe.
/// </summary>
internal sealed class CaptureFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly byte[] _buffer;
    private long _written;
    private int _waiting;
    private bool _complete;

    private CaptureFile(string path, FileStream stream, int snapLength)
    {
        (_path, _stream) = (path, stream);
        _buffer = new byte[Math.Max(32 * 1024, (2 * PcapngWriter.MaxComment) + PcapngWriter.PacketOverhead + snapLength)];
    }

    /// <summary>Bytes, those included that wait to be written.</summary>
    public long Length => _written + _waiting;

    public bool Waits => _waiting > 0;

    /// <exception cref="IOException">The disk refused.</exception>
    public static CaptureFile Create(string path, string comment, string interfaceName, int snapLength)
    {
        FileStream stream = new(path + CaptureFolder.Unfinished, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        CaptureFile file = new(path, stream, snapLength);
        try
        {
            file._waiting = PcapngWriter.Head(file._buffer, comment, interfaceName, snapLength);
            file.Flush();
            return file;
        }
        catch
        {
            stream.Dispose();
            File.Delete(path + CaptureFolder.Unfinished);
            throw;
        }
    }

    /// <exception cref="IOException">The disk refused; the file ends with the last block that it took.</exception>
    public void Append(long unixNanoseconds, int length, bool outgoing, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> comment)
    {
        if (frame.Length + comment.Length + PcapngWriter.PacketOverhead > _buffer.Length - _waiting)
        {
            Flush();
        }

        _waiting += PcapngWriter.Packet(_buffer.AsSpan(_waiting), unixNanoseconds, length, outgoing, frame, comment);
    }

    /// <exception cref="IOException">As above.</exception>
    public void Flush()
    {
        if (_waiting == 0)
        {
            return;
        }

        int waiting = _waiting;
        _waiting = 0;
        try
        {
            _stream.Write(_buffer, 0, waiting);
            _written += waiting;
        }
        catch (IOException)
        {
            // A part of it may be there; readers want whole blocks.
            _stream.SetLength(_written);
            _stream.Position = _written;
            throw;
        }
    }

    /// <summary>Gives the file its name. What still waited is given up when the disk refuses it.</summary>
    public void Complete()
    {
        if (_complete)
        {
            return;
        }

        try
        {
            Flush();
        }
        catch (IOException)
        {
            // The file is whole without it.
        }

        _stream.Dispose();
        File.Move(_path + CaptureFolder.Unfinished, _path, overwrite: true);
        _complete = true;
    }

    public void Dispose() => _stream.Dispose();
}
