using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Mesh.Libp2p.Yamux;

/// <content>What the other side sends.</content>
internal sealed partial class YamuxConnection
{
    // Null, or how the rules were broken.
    private string? Take(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            switch (_reader.Next(ref bytes, out ReadOnlySpan<byte> body))
            {
                case YamuxPiece.None:
                    if (_reader.AtFrameEnd)
                    {
                        Interlocked.Exchange(ref _lastFrame, _time.GetTimestamp());
                    }

                    return null;
                case YamuxPiece.Invalid:
                    return _reader.Error;
                case YamuxPiece.Header when TakeHeader(_reader.Header) is { } breach:
                    return breach;
                case YamuxPiece.Body when _bodyOf is { } stream:
                    Deliver(stream, body);
                    break;
                default:
                    break;
            }
        }
    }

    private void Deliver(YamuxStream stream, ReadOnlySpan<byte> body)
    {
        lock (Sync)
        {
            if (stream.TryDeliver(body))
            {
                Interlocked.Add(ref _buffered, body.Length);
                _budget.Add(body.Length);
            }
        }

        if (_reader.AtFrameEnd && (_reader.Header.Flags & YamuxFlags.Fin) != YamuxFlags.None)
        {
            CloseRemote(stream);
        }
    }

    private string? TakeHeader(YamuxHeader header)
    {
        _bodyOf = null;
        if ((header.Type != YamuxType.Data || header.Length == 0 || (header.Flags & YamuxFlags.Syn) != YamuxFlags.None) && !MaySendControl())
        {
            return "too many frames without data";
        }

        switch (header.Type)
        {
            case YamuxType.Ping:
                return TakePing(header);
            case YamuxType.GoAway:
                _remoteRefuses = true;
                return null;
            default:
                return TakeStreamFrame(header);
        }
    }

    private string? TakePing(YamuxHeader header)
    {
        if ((header.Flags & YamuxFlags.Syn) != YamuxFlags.None)
        {
            if (!_queue.TryAnswerPing(header.Length))
            {
                _counters.Count(MeshLoss.PingDropped);
            }

            return null;
        }

        if ((header.Flags & YamuxFlags.Ack) == YamuxFlags.None || Interlocked.Read(ref _pingSent) == 0 || header.Length != _pingValue)
        {
            return "a ping answer that nobody asked for";
        }

        Interlocked.Exchange(ref _pingSent, 0);
        return null;
    }

    private string? TakeStreamFrame(YamuxHeader header)
    {
        YamuxStream? stream;
        bool opened = false;
        lock (Sync)
        {
            _streams.TryGetValue(header.Stream, out stream);
            if ((header.Flags & YamuxFlags.Syn) != YamuxFlags.None)
            {
                if (stream is not null || (header.Stream & 1) == (Outbound ? 1u : 0u))
                {
                    return "an opening of a stream that is not its to open";
                }

                if ((header.Flags & YamuxFlags.Rst) != YamuxFlags.None)
                {
                    return null;
                }

                if (_refusing || _inbound >= _options.MaxInboundStreams)
                {
                    _counters.Count(MeshLoss.StreamRefused);
                    _queue.SendControl(new YamuxHeader(YamuxType.WindowUpdate, YamuxFlags.Rst, header.Stream, 0));
                    return null;
                }

                stream = new YamuxStream(this, header.Stream, outbound: false);
                _streams.Add(header.Stream, stream);
                _inbound++;
                opened = true;
            }

            if (stream is null)
            {
                // Of a stream that is over: what was on its way is let by.
                return null;
            }

            if (stream.Outbound && !stream.Acknowledged && (header.Flags & (YamuxFlags.Ack | YamuxFlags.Rst)) != YamuxFlags.None)
            {
                stream.Acknowledged = true;
                _unacknowledged--;
            }

            if (header.Type == YamuxType.WindowUpdate)
            {
                if (!stream.TryGrow(header.Length))
                {
                    return "a window of more than 32 bits";
                }
            }
            else if (header.Length > 0)
            {
                if (!stream.CanReceive)
                {
                    return "data after the end of its stream";
                }

                if (!stream.TryReserve(header.Length))
                {
                    return "data beyond the window";
                }

                _bodyOf = stream;
            }
        }

        if (opened)
        {
            _accepted.Writer.TryWrite(stream);
        }

        if ((header.Flags & YamuxFlags.Rst) != YamuxFlags.None)
        {
            Drop(stream, "The stream was reset by the other side.", tell: false);
        }
        else if ((header.Flags & YamuxFlags.Fin) != YamuxFlags.None && _bodyOf is null)
        {
            CloseRemote(stream);
        }

        return null;
    }

    private void CloseRemote(YamuxStream stream)
    {
        lock (Sync)
        {
            stream.CloseRemote();
            if (stream.Finished)
            {
                Forget(stream);
            }
        }
    }

    // Under the lock.
    private void Forget(YamuxStream stream)
    {
        if (!_streams.Remove(stream.Id))
        {
            return;
        }

        if (stream.AbandonedAt is not null)
        {
            Interlocked.Decrement(ref _abandoned);
        }

        if (!stream.Outbound)
        {
            _inbound--;
        }
        else if (!stream.Acknowledged)
        {
            stream.Acknowledged = true;
            _unacknowledged--;
        }
    }

    private bool MaySendControl()
    {
        long now = _time.GetTimestamp();
        _controlTokens = Math.Min(10.0 * _options.ControlFramesPerSecond, _controlTokens + (_time.GetElapsedTime(_controlFilled, now).TotalSeconds * _options.ControlFramesPerSecond));
        _controlFilled = now;
        return --_controlTokens >= 0;
    }
}
