using System.Globalization;
using Blackwall.Events;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Blackwall.Notifications;

/// <summary>Posts JSON to a URL, signed. A redirect is not followed: it would carry what is told to somebody else.</summary>
internal sealed class WebhookNotifier(IOptions<NotifyOptions> options, TimeProvider time) : INotifier, IDisposable
{
    private const int LongestAnswer = 4096;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = LongestAnswer,
    };

    public string Name => "webhook";

    public bool IsUsed => options.Value.Webhook is not null;

    public async Task SendAsync(Notification notification, CancellationToken cancellation)
    {
        NotifyOptions settings = options.Value;
        string host = Environment.MachineName;
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(
            new NotificationBody(
                NotificationTemplate.Word(notification.Kind),
                host,
                notification.Time,
                NotificationTemplate.Fill(settings.Subject, notification, host),
                NotificationTemplate.Fill(settings.Text, notification, host),
                notification.Address,
                notification.Verdict,
                notification.Reason,
                notification.Until,
                notification.Evidence,
                notification.Id),
            NotifyJson.Default.NotificationBody);
        using HttpRequestMessage request = new(HttpMethod.Post, settings.Webhook) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (settings.WebhookSecret is { } secret)
        {
            WebhookSignature.Add(request, secret, body, time.GetUtcNow());
        }

        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                throw new NotifyException(string.Create(CultureInfo.InvariantCulture, $"The webhook answered {(int)answer.StatusCode}; look at notify.webhook and at the log of that server."));
            }
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new NotifyException($"The webhook cannot be reached: {failure.Message}", failure);
        }
    }

    public void Dispose() => _http.Dispose();
}
