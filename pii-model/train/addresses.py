"""Postal addresses: real ones of the USA, and the formats of other countries over real street and town names."""

from random import Random

from lists import held_out

SHORT = {"Street": "St", "Avenue": "Ave", "Road": "Rd", "Drive": "Dr", "Lane": "Ln", "Court": "Ct", "Boulevard": "Blvd", "Place": "Pl", "Circle": "Cir",
         "Northwest": "NW", "Southeast": "SE", "Northeast": "NE", "Southwest": "SW", "North": "N", "South": "S", "East": "E", "West": "W", "Terrace": "Ter",
         "Parkway": "Pkwy", "Highway": "Hwy", "Square": "Sq", "Trail": "Trl"}
UNITS = ["Apt {n}", "Apt. {n}", "Apartment {n}", "#{n}", "Unit {n}", "Suite {n}", "Ste {n}", "Ste. {n}00", "Flat {n}", "Room {n}", "Fl {n}", "{n}th Floor", "Apt {n}{l}", "Unit {l}", "# {n}",
         "Bldg {l}", "Lot {n}", "Apt. {n}{n}", "apt {n}", "unit {n}{l}", "Floor {n}"]
STATES = "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC".split()
PROVINCES = "ON QC BC AB MB SK NS NB NL PE".split()
COUNTRIES = {"GB": "United Kingdom|UK|England", "DE": "Germany|Deutschland", "FR": "France", "ES": "Spain|España", "IT": "Italy|Italia", "NL": "The Netherlands|Netherlands",
             "PL": "Poland|Polska", "SE": "Sweden|Sverige", "BR": "Brazil|Brasil", "US": "USA|United States|U.S.A.", "IN": "India", "MX": "Mexico|México", "AU": "Australia", "CA": "Canada",
             "TR": "Turkey|Türkiye", "DK": "Denmark", "NO": "Norway|Norge", "PT": "Portugal", "CH": "Switzerland", "AT": "Austria", "JP": "Japan", "CN": "China", "KR": "South Korea",
             "NG": "Nigeria", "KE": "Kenya", "ZA": "South Africa", "AE": "UAE|United Arab Emirates", "IE": "Ireland", "FI": "Finland", "BE": "Belgium", "CZ": "Czech Republic", "GR": "Greece"}
COLONIES = ["Roma Norte", "Del Valle", "Centro", "Polanco", "Narvarte", "Las Lomas", "La Florida", "San José", "Santa Fe", "El Carmen"]
AREAS = ["Victoria Island", "Ikeja", "Lekki Phase 1", "Westlands", "Karen", "Kilimani", "Sandton", "Observatory", "East Legon", "Surulere", "Garki", "Hurlingham", "Al Barsha 1", "Jumeirah 3", "Deira",
         "Andheri West", "Koramangala 4th Block", "Salt Lake Sector V", "Bandra", "T. Nagar", "Banjara Hills", "Vasant Kunj", "Gulshan-e-Iqbal", "DHA Phase 5", "Bahria Town", "Dhanmondi", "Gulberg III"]
HOUSES = ["Sunrise Apartments", "Shanti Niwas", "Green Heights", "Lake View Residency", "Palm Court", "Ganga Tower", "Rose Villa", "Silver Oak", "Orchid Enclave", "Krishna Kunj"]
JP_WARDS = ["東京都世田谷区三軒茶屋", "東京都港区南青山", "大阪府大阪市北区梅田", "京都府京都市左京区吉田", "福岡県福岡市中央区天神", "北海道札幌市中央区北一条西", "神奈川県横浜市中区山下町", "愛知県名古屋市中区栄", "埼玉県川口市本町", "千葉県船橋市湊町"]
CN_AREAS = ["北京市朝阳区建国路", "上海市浦东新区世纪大道", "广州市天河区体育西路", "深圳市南山区科技园南路", "成都市武侯区人民南路", "杭州市西湖区文三路", "南京市鼓楼区中山北路", "武汉市洪山区珞喻路", "台北市大安區忠孝東路四段", "重庆市渝中区解放碑"]
KR_ROADS = ["서울특별시 강남구 테헤란로", "부산광역시 해운대구 센텀중앙로", "경기도 성남시 분당구 판교로", "대구광역시 수성구 달구벌대로", "서울 마포구 월드컵북로", "인천광역시 연수구 송도과학로", "대전광역시 유성구 대학로"]
AR_STREETS = ["شارع الملك فهد", "شارع التحرير", "شارع الحبيب بورقيبة", "طريق الشيخ زايد", "شارع الحمرا", "شارع النصر", "شارع محمد الخامس", "حي الياسمين شارع 12"]
AR_CITIES = ["الرياض", "القاهرة", "تونس", "دبي", "بيروت", "الدار البيضاء", "عمان", "جدة", "الكويت"]
JP_ROMAN = ["Sangenjaya, Setagaya-ku, Tokyo", "Minami-Aoyama, Minato-ku, Tokyo", "Umeda, Kita-ku, Osaka", "Sakae, Naka-ku, Nagoya", "Tenjin, Chuo-ku, Fukuoka"]
CN_ROMAN = ["Jianguo Road, Chaoyang District, Beijing", "Century Avenue, Pudong, Shanghai", "Tianhe Road, Guangzhou", "Nathan Road, Kowloon, Hong Kong", "Wensan Road, Xihu District, Hangzhou", "Zhongxiao East Road, Taipei"]


class Addresses:
    def __init__(self, lists: dict, held: bool):
        self.us = [a for a in lists["us"] if held_out(a[0]) == held]
        self.streets = {k: [s for s in v if held_out(s) == held] for k, v in lists["streets"].items()}
        self.towns = {k: [t for t in v if held_out(t) == held] or v for k, v in lists["towns"].items()}
        self.cities = [c for c in lists["cities"] if held_out(c[0]) == held]
        self.latin = [k for k in self.streets if k[:2] in "de fr es it pt nl pl cs sk sv no da fi hu ro en hr sl tr id".split()]

    def city(self, random: Random) -> str:
        return random.choice(self.cities)[0]

    def draw(self, random: Random, language: str = "en") -> str:
        from address_formats import FORMATS

        own = [f for f in FORMATS if language in f.languages]
        if own and language != "en" and random.random() < 0.75:
            return random.choice(own).write(self, random)
        common = [f for f in FORMATS if f.weight]
        return random.choices(common, [f.weight for f in common])[0].write(self, random)


def number(random: Random, top: int = 300) -> str:
    value = random.randint(1, random.choice([20, 99, top, top]))
    return f"{value}{random.choice(['', '', '', '', '', '', '', 'a', 'B', ' b', 'A', '-' + str(value + 2), '/' + str(random.randint(1, 9))])}"


def digits(random: Random, count: int) -> str:
    return "".join(random.choices("0123456789", k=count))


def unit(random: Random) -> str:
    return random.choice(UNITS).format(n=random.randint(1, 40), l=random.choice("ABCDEFGH"))


def country(random: Random, code: str) -> str:
    return random.choice(COUNTRIES[code].split("|"))


def abbreviated(street: str, random: Random) -> str:
    if random.random() < 0.45:
        return street
    dot = random.choice(["", "", "."])
    return " ".join(SHORT[w] + (dot if len(SHORT[w]) > 1 else "") if w in SHORT else w for w in street.split(" "))
