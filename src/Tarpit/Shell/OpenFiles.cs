using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Shell;

/// <summary>Files that a session has open for writing. What was written reaches the file before anybody else looks at it.</summary>
internal sealed class OpenFiles
{
    private const int MostFiles = 64;

    private readonly List<OpenFile> _files = [];

    /// <summary>What is kept of all of them.</summary>
    public long Bytes => _files.Sum(file => file.Size);

    /// <summary>Opens a file; one that is open already is shared.</summary>
    /// <returns>Null: too many are open.</returns>
    public OpenFile? Open(FileSystem files, string path, int user, bool appends, int mode)
    {
        OpenFile? open = _files.Find(file => ReferenceEquals(file.Files, files) && string.Equals(file.Path, path, StringComparison.Ordinal));
        if (open is null)
        {
            if (_files.Count >= MostFiles)
            {
                return null;
            }

            open = new OpenFile(this, files, path, user, mode);
            _files.Add(open);
        }

        open.Begin(appends);
        return open;
    }

    /// <summary>Writes what is pending.</summary>
    public void Flush(ISessionLog log)
    {
        foreach (OpenFile file in _files)
        {
            file.Flush(log);
        }
    }

    /// <summary>One of those that have it open is done with it.</summary>
    public void Close(OpenFile file, ISessionLog log)
    {
        file.Flush(log);
        if (--file.Users <= 0)
        {
            _files.Remove(file);
        }
    }
}

/// <summary>A file that is open for writing. Beyond its limit the disk is full.</summary>
internal sealed class OpenFile(OpenFiles all, FileSystem files, string path, int user, int mode)
{
    private const int LargestFile = 2 << 20;

    // Of all files that the session has open.
    private const int MostBytes = 6 << 20;

    private readonly MemoryStream _content = new();
    private bool _isChanged;

    public FileSystem Files => files;

    public long Size => _content.Length;

    public string Path => path;

    /// <summary>How many descriptors have it open.</summary>
    public int Users { get; set; }

    public void Begin(bool appends)
    {
        Users++;
        if (!appends)
        {
            _content.SetLength(0);
            files.Write(path, [], user, user, mode);
        }
        else if (Users == 1 && files.Read(path, out byte[] before) == FileError.None)
        {
            _content.SetLength(0);
            _content.Write(before);
        }
        else if (Users == 1)
        {
            files.Write(path, [], user, user, mode);
        }
    }

    /// <summary>Another program may have changed the file since the last write.</summary>
    public void Append(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return;
        }

        if (!_isChanged && files.Read(path, out byte[] now) == FileError.None && now.Length > _content.Length)
        {
            _content.SetLength(0);
            _content.Write(now);
        }

        if (all.Bytes + bytes.Length > MostBytes)
        {
            throw new WriteErrorException(FileError.NoSpace.Text());
        }

        if (_content.Length + bytes.Length > LargestFile)
        {
            throw new BrokenPipeException();
        }

        _content.Position = _content.Length;
        _content.Write(bytes);
        _isChanged = true;
    }

    public void Flush(ISessionLog log)
    {
        if (!_isChanged)
        {
            return;
        }

        _isChanged = false;
        if (files.Find(path) is null)
        {
            // It was removed while it was open.
            return;
        }

        byte[] content = _content.ToArray();
        FileError error = files.Write(path, content, user, user, mode);
        if (error == FileError.None)
        {
            string hash = log.SaveFile(path, content);
            log.Record(new Observation(ObservationKinds.Upload) { Name = path, Sha256 = hash, Size = content.Length, Method = "shell" });
        }
        else
        {
            throw new WriteErrorException(error.Text());
        }
    }
}
