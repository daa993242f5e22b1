using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Blackwall.Classification;
using Blackwall.Storage;
using Blackwall.Tarpit.HostChannel;
using Blackwall.Tarpit.HostChannel.Wire;
using Blackwall.Tarpit.Improvisation;
using Blackwall.Tarpit.Improvisation.Wire;

namespace Blackwall.Bridges.Tarpit.Improvisation;

/// <summary>
/// Asks a model for the tarpit, which reaches nothing. The tarpit says which program with which words; the instructions, the model and the server are the
/// host's. Two questions at once, so many a minute, answers of bounded length.
/// </summary>
/// <param name="desk">What questions share; null: there is no model, and every question fails.</param>
/// <param name="send">Sends a frame to the tarpit.</param>
internal sealed class ImprovisationBroker(ImprovisationDesk? desk, Func<byte[], CancellationToken, ValueTask> send) : IDisposable
{
    private const int MostOpen = 32;
    private const int AtOnce = 2;
    private const int LongestAnswer = 16 * 1024;
    private static readonly TimeSpan s_whole = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<uint, CancellationTokenSource> _open = new();
    private readonly SemaphoreSlim _places = new(AtOnce, AtOnce);
    private readonly CancellationTokenSource _end = new();

    /// <summary>A message of the tarpit; false: it is of no use.</summary>
    public bool Handle(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        if (!ImprovisationAsk.TryRead(payload, out ImprovisationAsk ask))
        {
            return false;
        }

        if (kind is FrameKind.ImprovisationEnd)
        {
            if (_open.TryGetValue(ask.Number, out CancellationTokenSource? open))
            {
                open.Cancel();
            }

            return true;
        }

        if (Parse(ask.Question) is not { } question || !question.IsWithinBounds() || _open.Count >= MostOpen)
        {
            _ = SendAsync(ask.Number, ImprovisationState.Failed, default);
            return false;
        }

        CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        if (!_open.TryAdd(ask.Number, end))
        {
            end.Dispose();
            return false;
        }

        _ = AnswerAsync(ask.Number, question, Convert.ToHexStringLower(SHA256.HashData(ask.Question)), end);
        return true;
    }

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private async Task AnswerAsync(uint number, ImprovisationQuestion question, string key, CancellationTokenSource end)
    {
        bool isWhole = false;
        try
        {
            isWhole = desk is not null && (await GiveAgainAsync(number, key) || (desk.MayAsk() && await AskAsync(number, question, key, end)));
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it any more.
        }
        finally
        {
            await SendAsync(number, isWhole ? ImprovisationState.Whole : ImprovisationState.Failed, default);
            _open.TryRemove(number, out _);
            end.Dispose();
        }
    }

    private async Task<bool> GiveAgainAsync(uint number, string key)
    {
        string? answer;
        try
        {
            answer = desk!.Store.Find(key);
        }
        catch (StoreException)
        {
            return false;
        }

        if (answer is null)
        {
            return false;
        }

        desk.CountKept();
        await SendTextAsync(number, answer);
        return true;
    }

    private async Task<bool> AskAsync(uint number, ImprovisationQuestion question, string key, CancellationTokenSource end)
    {
        ImprovisationOptions options = desk!.Options;
        end.CancelAfter(s_whole);
        await _places.WaitAsync(end.Token);
        StringBuilder whole = new();
        bool isSilent = true;
        try
        {
            TextQuestion asked = new(options.Endpoint, options.Model, ImprovisationPrompt.System, ImprovisationPrompt.Compose(question), ImprovisationPrompt.MostTokens);
            await foreach (string piece in desk.Model.WriteAsync(asked, end.Token))
            {
                isSilent = false;
                if (whole.Length + piece.Length > LongestAnswer)
                {
                    desk.Fail(isServers: false);
                    return false;
                }

                whole.Append(piece);
                await SendTextAsync(number, piece);
            }

            desk.Succeed();
            await KeepAsync(key, whole.ToString());
            return true;
        }
        catch (OperationCanceledException) when (!_end.IsCancellationRequested)
        {
            // The tarpit waited as long as it does: a server that said nothing until then is slow or dead.
            desk.Fail(isServers: isSilent);
            return false;
        }
        catch (Exception) when (!_end.IsCancellationRequested)
        {
            // Whatever the server does to the client library, the program answers by itself.
            desk.Fail(isServers: true);
            return false;
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task KeepAsync(string key, string answer)
    {
        try
        {
            await desk!.Store.KeepAsync(key, answer, desk.Now);
        }
        catch (StoreException)
        {
            // The disk is full: it is asked again some day.
        }
    }

    private async Task SendTextAsync(uint number, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int at = 0; at < bytes.Length; at += ImprovisationPart.LargestText)
        {
            await SendAsync(number, ImprovisationState.More, bytes.AsMemory(at, Math.Min(ImprovisationPart.LargestText, bytes.Length - at)));
        }
    }

    private async Task SendAsync(uint number, ImprovisationState state, ReadOnlyMemory<byte> text)
    {
        try
        {
            await send(new Frame(FrameKind.ImprovisationPart, 0, new ImprovisationPart(number, state, text.Span).ToArray()).ToArray(), CancellationToken.None);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The tarpit is gone.
        }
    }

    private static ImprovisationQuestion? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return json.IsEmpty ? null : JsonSerializer.Deserialize(json, ChannelJson.Default.ImprovisationQuestion);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
