using System.Net;
using System.Net.Http.Json;
using Blackwall.Changes;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Time;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Api;

/// <summary>A change that nobody confirms is taken back however late the timer wakes, also by the one millisecond that means "never" to it.</summary>
public sealed class ChangeDeadlineTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly WebApplicationFactory<Program> _timed;

    public ChangeDeadlineTests() => _timed = _appliance.WithWebHostBuilder(builder => builder.ConfigureTestServices(services =>
    {
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IBootTime>(new Boot(_time));
    }));

    public void Dispose()
    {
        _timed.Dispose();
        _appliance.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5000)]
    public async Task It_is_taken_back(int millisecondsLate)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using HttpClient client = _timed.CreateClient();
        client.BaseAddress = new Uri(client.BaseAddress!, "/api/v1/");
        client.DefaultRequestHeaders.Authorization = new("Bearer", _appliance.Key);
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsJsonAsync("changes", new { rules = new[] { new { scope = "203.0.113.9", verdict = "drop" } } }, cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsJsonAsync("changes/1/apply", new { confirmWithinSeconds = 10 }, cancellation)).StatusCode);
        ChangeBook book = _timed.Services.GetRequiredService<ChangeBook>();
        _time.Advance(TimeSpan.FromMilliseconds(9_990));
        Assert.Equal(ChangeState.Trial, book.Find(1)!.State);

        _time.Advance(TimeSpan.FromMilliseconds(10 + millisecondsLate));
        Assert.True(SpinWait.SpinUntil(() => book.Find(1)!.State == ChangeState.Reverted, TimeSpan.FromSeconds(30)));
        Assert.Null(_timed.Services.GetRequiredService<VerdictBoard>().Effective(Prefix.Parse("203.0.113.9")));
    }

    private sealed class Boot(FakeTimeProvider time) : IBootTime
    {
        private readonly DateTimeOffset _start = time.GetUtcNow().AddHours(-1);

        public ulong Nanoseconds => (ulong)(time.GetUtcNow() - _start).TotalMilliseconds * 1_000_000;

        public string BootId => "test";
    }
}
