using System.Net;
using System.Text;
using Blackwall.Tarpit.Http;
using Blackwall.Tarpit.Http.Face;
using Blackwall.Tarpit.Http.Wire;
using Xunit;

namespace Blackwall.Tarpit.Tests.Http;

public sealed class CrossSiteTests
{
    private static readonly IPEndPoint s_remote = new(IPAddress.Parse("203.0.113.9"), 40000), s_destination = new(IPAddress.Parse("198.51.100.1"), 80);

    private static bool IsCrossSite(string method, params string[] fields)
    {
        RequestHead head = new(RequestLine.Read(Encoding.ASCII.GetBytes($"{method} /wp-login.php HTTP/1.1")));
        foreach (string field in fields)
        {
            head.Add(Encoding.ASCII.GetBytes(field));
        }

        return new HttpRequest(head, HeadReading.Judge(head).Target!.Value, ReadOnlyMemory<byte>.Empty, s_remote, s_destination, false).IsCrossSite;
    }

    [Theory]
    [InlineData("POST", "Host: 198.51.100.1", "Origin: https://evil.example")]
    [InlineData("POST", "Host: 198.51.100.1", "Origin: null")]
    [InlineData("POST", "Host: 198.51.100.1", "Referer: https://evil.example/page")]
    [InlineData("POST", "Host: 198.51.100.1", "Referer: http://198.51.100.1.evil.example/")]
    [InlineData("POST", "Host: 198.51.100.1", "Sec-Fetch-Site: cross-site")]
    [InlineData("POST", "Host: evil.example", "Origin: http://evil.example")]
    [InlineData("GET", "Host: 198.51.100.1", "Authorization: Basic YTpi", "Accept-Language: en")]
    public void What_a_page_or_a_link_can_make_a_browser_send_is_told_apart(string method, params string[] fields) => Assert.True(IsCrossSite(method, fields));

    [Theory]
    [InlineData("POST", "Host: 198.51.100.1")]
    [InlineData("POST", "Host: 198.51.100.1", "Origin: http://198.51.100.1", "Referer: http://198.51.100.1/wp-login.php", "Sec-Fetch-Site: same-origin")]
    [InlineData("POST", "Host: shop.example", "User-Agent: Mozilla/5.0 (Hydra)")]
    [InlineData("GET", "Host: 198.51.100.1", "Authorization: Basic YTpi")]
    public void What_a_tool_or_the_site_itself_sends_is_its_senders_own(string method, params string[] fields) => Assert.False(IsCrossSite(method, fields));
}
