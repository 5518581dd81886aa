using Xunit;

namespace GeoSanitation.Coordinates;

public class MainlandChinaTests
{
    [Theory]
    [InlineData("Beijing", 116.4074, 39.9042)]
    [InlineData("Shanghai, the Bund", 121.4903, 31.2397)]
    [InlineData("Haikou, Hainan", 110.3312, 20.0311)]
    [InlineData("Sanya, Hainan", 109.5083, 18.2479)]
    [InlineData("Zhoushan, an island", 122.1070, 30.0160)]
    [InlineData("Chongming, an island", 121.40, 31.63)]
    [InlineData("Xiamen, an island", 118.0894, 24.4798)]
    [InlineData("Qingdao", 120.3826, 36.0671)]
    [InlineData("Dalian", 121.6147, 38.9140)]
    [InlineData("Beihai", 109.1195, 21.4733)]
    [InlineData("Shenzhen, Futian", 114.0579, 22.5431)]
    [InlineData("Zhuhai, Xiangzhou", 113.5500, 22.2700)]
    [InlineData("Dandong", 124.3850, 40.1400)]
    [InlineData("Heihe", 127.4800, 50.2450)]
    [InlineData("Manzhouli", 117.4300, 49.5900)]
    [InlineData("Ruili", 97.8500, 24.0100)]
    [InlineData("Kashgar", 75.9900, 39.4700)]
    [InlineData("Urumqi", 87.6168, 43.8256)]
    [InlineData("Lhasa", 91.1409, 29.6456)]
    [InlineData("Mohe", 122.5400, 52.9700)]
    [InlineData("Fuyuan, the easternmost county", 134.3000, 48.3600)]
    public void Chinese_cities_are_in(string city, double lon, double lat)
        => Assert.True(MainlandChina.Contains(new LonLat(lon, lat)), city);

    [Theory]
    [InlineData("Seoul", 126.9780, 37.5665)]
    [InlineData("Pyongyang", 125.7625, 39.0392)]
    [InlineData("Hanoi", 105.8342, 21.0278)]
    [InlineData("Tokyo", 139.6917, 35.6895)]
    [InlineData("Fukuoka", 130.4017, 33.5904)]
    [InlineData("Ulaanbaatar", 106.9057, 47.8864)]
    [InlineData("Vladivostok", 131.8855, 43.1155)]
    [InlineData("Khabarovsk", 135.0719, 48.4802)]
    [InlineData("Irkutsk", 104.2964, 52.2978)]
    [InlineData("Almaty", 76.8860, 43.2380)]
    [InlineData("Kathmandu", 85.3240, 27.7172)]
    [InlineData("Thimphu", 89.6390, 27.4728)]
    [InlineData("Gangtok", 88.6065, 27.3314)]
    [InlineData("Delhi", 77.2090, 28.6139)]
    [InlineData("Dhaka", 90.4125, 23.8103)]
    [InlineData("Yangon", 96.1951, 16.8661)]
    [InlineData("Vientiane", 102.6331, 17.9757)]
    [InlineData("Manila", 120.9842, 14.5995)]
    [InlineData("Hong Kong, Central", 114.1577, 22.2819)]
    [InlineData("Hong Kong, Sha Tin", 114.1880, 22.3810)]
    [InlineData("Macao", 113.5439, 22.1987)]
    [InlineData("Taipei", 121.5654, 25.0330)]
    [InlineData("Kinmen", 118.3171, 24.4327)]
    [InlineData("Chicago", -87.6298, 41.8781)]
    [InlineData("the open sea", 124.0, 30.0)]
    [InlineData("nowhere", double.NaN, double.NaN)]
    public void Everything_else_is_out(string city, double lon, double lat)
        => Assert.False(MainlandChina.Contains(new LonLat(lon, lat)), city);

    [Fact]
    public void The_area_is_that_of_the_country_and_its_strip_of_sea()
    {
        // Mainland China is about 9.6 million km2; the strip of sea adds some 50,000.
        const double step = 0.1;
        double km2 = 0;
        for (double lat = 18 + step / 2; lat < 54; lat += step)
        {
            int cells = Enumerable.Range(0, 630).Count(i => MainlandChina.Contains(new LonLat(73 + step / 2 + i * step, lat)));
            km2 += cells * step * step * 111.32 * 111.32 * Math.Cos(lat * Math.PI / 180);
        }

        Assert.InRange(km2, 9.3e6, 9.7e6);
    }
}
