using Blackwall.Storage;

namespace Blackwall.Capture;

/// <summary>How captures end, are kept, found and removed.</summary>
internal sealed partial class CaptureBook
{
    /// <summary>Captures removed in one round.</summary>
    private const int RemovedAtOnce = 256;

    /// <summary>Ends what is over, forgets what is old, writes the index.</summary>
    public void Tick()
    {
        Protect();
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            foreach (OpenCapture capture in _open.Values.Where(c => c.Until <= now).ToArray())
            {
                End(capture, TimeOver);
            }

            _suspects.Prune(now);
            Save([.. _open.Values.Where(c => c.Changed)]);
            foreach (long id in _ended.Superfluous(now - TimeSpan.FromHours(_options.MaxAgeHours), Math.Max(0, _options.MaxCaptures - _open.Count), RemovedAtOnce))
            {
                Remove(id);
            }
        }
    }

    /// <summary>Compresses one file that is complete, outside of any lock that packets wait for. False: there was none.</summary>
    public bool CompressNext()
    {
        string? file;
        lock (_lock)
        {
            if (!_complete.TryDequeue(out file) || !_options.Compression)
            {
                return false;
            }
        }

        long freed = folder.Compress(file);
        lock (_lock)
        {
            _stored -= freed;
        }

        return true;
    }

    /// <summary>Ends everything that runs.</summary>
    public void EndAll()
    {
        lock (_lock)
        {
            foreach (OpenCapture capture in _open.Values.ToArray())
            {
                End(capture, "the appliance stopped");
            }
        }
    }

    /// <summary>Null: there is none of this id.</summary>
    /// <exception cref="StoreException">The index cannot be read.</exception>
    public CaptureRecord? Find(long id)
    {
        lock (_lock)
        {
            if (Running(id) is { } capture)
            {
                return capture.Record;
            }
        }

        return store.Find(id);
    }

    /// <summary>Newest first.</summary>
    /// <exception cref="StoreException">The index cannot be read.</exception>
    public IReadOnlyList<CaptureRecord> List(CaptureQuery query)
    {
        IReadOnlyList<CaptureRecord> found = store.List(query);
        lock (_lock)
        {
            return [.. found.Select(record => Running(record.Id)?.Record ?? record)];
        }
    }

    /// <summary>The packets of a capture so far, as pcapng; the caller disposes the stream.</summary>
    /// <exception cref="IOException">The files cannot be read.</exception>
    public Stream OpenRead(CaptureRecord record)
    {
        lock (_lock)
        {
            if (Running(record.Id) is { } capture)
            {
                TryWrite(capture, capture.Flush);
                return folder.OpenRead(record.Id, capture.Record.Files);
            }

            return folder.OpenRead(record.Id, record.Files);
        }
    }

    /// <summary>Ends a capture if it runs, and removes it. False: there is none of this id.</summary>
    public bool Delete(long id)
    {
        lock (_lock)
        {
            if (Running(id) is { } capture)
            {
                End(capture, "it was deleted");
            }

            if (_ended.Find(id) is { } record && Remove(id))
            {
                Tell(CaptureEventBody.Deleted, record);
                return true;
            }

            return false;
        }
    }

    private OpenCapture? Running(long id) => _open.Values.FirstOrDefault(capture => capture.Id == id);

    private bool Remove(long id)
    {
        if (_ended.Remove(id) is not { } record)
        {
            return false;
        }

        // The row last: while it is there, the files are found again.
        _stored -= folder.Remove(id, record.Files);
        store.Remove(id);
        return true;
    }

    private void End(OpenCapture capture, string outcome)
    {
        if (!_open.Remove(capture.Scope))
        {
            return;
        }

        tap.Unwatch(capture.Scope);
        try
        {
            _complete.Enqueue(capture.End(time.GetUtcNow(), outcome));
        }
        catch (IOException failure)
        {
            Fail(failure.Message);
        }

        capture.Dispose();
        Keep(capture.Record);
        Tell(CaptureEventBody.Ended, capture.Record);
        Save([capture]);
        CaptureLog.Ended(log, capture.Id, $"{capture.Scope}", capture.Record.Packets, outcome);
    }

    // A full disk ends the capture, never the appliance.
    private void Abort(OpenCapture capture, IOException failure)
    {
        Fail(failure.Message);
        End(capture, $"it could not be written: {failure.Message}");
    }

    private void TryWrite(OpenCapture capture, Action write)
    {
        try
        {
            write();
            if (Interlocked.Exchange(ref _fault, null) is not null)
            {
                CaptureLog.WritesAgain(log);
            }
        }
        catch (IOException failure)
        {
            Abort(capture, failure);
        }
    }

    private void Fail(string why)
    {
        _failures++;
        if (Interlocked.Exchange(ref _fault, $"Captures cannot be written: {why}") is null)
        {
            CaptureLog.CannotWrite(log, why);
        }
    }

    private void Save(IReadOnlyCollection<OpenCapture> captures)
    {
        if (captures.Count == 0)
        {
            return;
        }

        store.Save(captures.Select(capture => capture.Record));
        foreach (OpenCapture capture in captures)
        {
            capture.Changed = false;
        }
    }

    private bool HasRoom()
    {
        long most = _options.MaxTotalMegabytes * 1024L * 1024;
        while (_stored > most && _ended.Oldest is { } oldest)
        {
            Remove(oldest);
        }

        return _stored <= most;
    }
}
